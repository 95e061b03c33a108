// Waits until the run of tests that started it is over, however that came about, and clears up: what is still at work
// in the folder of the run is killed, and the folder removed. What is left after an orderly end is said.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const roundsAtMost = 50;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');

await text(process.stdin);
for (let round = 0; round < roundsAtMost; round += 1) {
  const left = findLeftovers(folder);
  if (left.length === 0) break;
  for (const { pid, command, isShared } of left) {
    if (round === 0 && !isShared) process.stderr.write(`left behind by the tests, killed: ${pid} ${command}\n`);
    kill(pid);
  }
  await sleep(100);
}
await rm(folder, { recursive: true, force: true, maxRetries: 5 });

interface Leftover {
  readonly pid: number;
  readonly command: string;
  /** Of a bot that files share, which goes with the process that started it, or a moment later. */
  readonly isShared: boolean;
}

function findLeftovers(place: string): Leftover[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = look(() => readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '));
      const at = look(() => readlinkSync(`/proc/${name}/cwd`));
      return command.includes(place) || `${at}/`.startsWith(`${place}/`)
        ? [{ pid: Number(name), command, isShared: `${command} ${at}`.includes('/gp-shared-') }]
        : [];
    });
}

/** A process that is ending, or is somebody else's, shows nothing. */
function look(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
