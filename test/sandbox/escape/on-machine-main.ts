// Plays the escapes; started by escapes-main.ts on the machine that enter-machine.ts builds, and at work nowhere else.
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openStarter } from '../support/starter.ts';
import { type Subject, startAs } from '../support/subject.ts';
import { openDoor } from './door.ts';
import type { Arrival } from './enter-machine.ts';
import { isProven, notPlayed, type Outcome, renderTally, tally } from './outcome.ts';
import { playAttempts } from './play-attempts.ts';
import { openWayOut } from './way-out.ts';
import { equipMachine, openSurroundings } from './world.ts';

refuseRealMachine();
// From escapes-main.ts of the same checkout.
const { tools, provider, user } = JSON.parse(process.argv[2] ?? '{}') as Arrival;
equipMachine();
const title = `${provider}, of a worker that is ${user}`;
const outcomes = await play({ provider, user, title });
if (typeof outcomes === 'string') {
  process.stdout.write(`${title}: NOT PLAYED, it does not run here: ${outcomes}\n`);
  process.exit(notPlayed);
}
const figures = tally(outcomes);
process.stdout.write(`${renderTally(title, figures)}\n`);
process.exit(isProven(figures) ? 0 : 1);

/** Attempts without a sandbox do what they attempt. */
function refuseRealMachine(): void {
  const isOfItsOwn = readFileSync('/proc/self/mountinfo', 'utf8').includes(' /mnt rw,relatime - tmpfs machine ');
  if (isOfItsOwn && userCount() < 2 ** 32 - 1) return;
  throw new Error('Attempts without a sandbox are never made on the machine itself: run "npm run escapes".');
}

/** How many users the machine knows; all there can be only where it is the real one. */
function userCount(): number {
  return Number(/^\s*\d+\s+\d+\s+(\d+)/.exec(readFileSync('/proc/self/uid_map', 'utf8'))?.[1]);
}

/** A text where the provider does not run here. */
async function play(subject: Subject): Promise<readonly Outcome[] | string> {
  const outcomes: Outcome[] = [];
  const report = (outcome: Outcome) => {
    outcomes.push(outcome);
    const { area, name, succeedsWithout, isReached } = outcome;
    if (isReached) process.stdout.write(`  REACHED  ${area}: ${name}\n`);
    if (!succeedsWithout) process.stdout.write(`  NOTHING  ${area}: ${name}: does not succeed without a sandbox\n`);
  };
  const surroundings = await openSurroundings(subject.user);
  const door = await openDoor(surroundings.folder, surroundings.secret);
  const wayOut = await openWayOut(surroundings.folder, surroundings.secret);
  const openFile = openSync(surroundings.openFile, 'r');
  const env = { WORKER_SECRET: surroundings.secret, HOME: surroundings.home };
  const starter = await openStarter(subject, { env, openFile, tools });
  try {
    const { capabilities, error } = await starter.order({ kind: 'capabilities' });
    if (!capabilities) return error ?? 'it said nothing';
    const world = {
      ...surroundings,
      grant: door.grant,
      otherToken: door.otherToken,
      egress: wayOut.grant,
      otherEgress: wayOut.other,
      worker: starter.process.pid ?? 0,
      stateFolder: starter.stateFolder,
      workspace: starter.workspace,
    };
    await playAttempts({ subject, capabilities, starter, world, door, wayOut }, report);
    await playGit(subject, report);
  } finally {
    await starter.close();
    await door.close();
    await wayOut.close();
    surroundings.close();
  }
  return outcomes;
}

async function playGit({ provider, user }: Subject, report: (outcome: Outcome) => void): Promise<void> {
  const script = fileURLToPath(new URL('./play-git-main.ts', import.meta.url));
  const child = startAs(user, [process.execPath, script, provider, JSON.stringify(tools)], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', TMPDIR: '/mnt/disk/tmp' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) report(JSON.parse(line) as Outcome);
  }
  const [code] = await exit;
  if (code !== 0) throw new Error('the attempts by git could not be played');
}
