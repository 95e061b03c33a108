// Processes of this machine as an operator sees them: those of sandboxes stand in the host's /proc like any other.
import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

/** The processes whose command line holds this text, for example a number that only one `sleep` was given. */
export function findProcesses(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readCommandLine(pid).includes(text))
    .map(Number);
}

/** The processes that are this command itself, and no shell or sandbox around it. */
export function findCommands(command: string): number[] {
  return findProcesses(command).filter((pid) => readCommandLine(String(pid)).trim() === command);
}

export async function untilStarted(text: string): Promise<void> {
  await until(async () => (findProcesses(text).length > 0 ? true : undefined));
}

/** How long it took until the last of them was gone. */
export async function untilGone(text: string): Promise<number> {
  const startedAt = Date.now();
  await until(
    async () => (findProcesses(text).length === 0 ? true : undefined),
    async () => `still there: ${findProcesses(text).join(', ')}`,
  );
  return Date.now() - startedAt;
}

/**
 * Wakes an agent from `sleep <seconds>`: what it does next is up to its script. This is how a test holds an agent for
 * exactly as long as it needs.
 */
export async function endSleep(seconds: string): Promise<void> {
  // The shell that starts it is there before it.
  const pids = await until(async () => {
    const found = findCommands(`sleep ${seconds}`);
    return found.length > 0 ? found : undefined;
  });
  for (const pid of pids) process.kill(pid, 'SIGTERM');
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended in between.
    return '';
  }
}
