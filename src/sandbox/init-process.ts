// The first process of a sandbox, as the host sees it: with it goes everything else inside.
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcess } from './bubblewrap/process-facts.ts';

export interface Init {
  readonly pid: number;
  /** Tells it from a later process with the same number. */
  readonly startTime: string;
}

export function endInit(init: Init): void {
  if (isGone(init)) return;
  try {
    process.kill(init.pid, 'SIGKILL');
  } catch {
    // Gone between the look and the kill.
  }
}

export function isGone({ pid, startTime }: Init): boolean {
  return readProcess(pid)?.startTime !== startTime;
}

/** The kernel lets the first process of a namespace be reaped only after every other process in it was. */
export async function isSoonGone(init: Init, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!isGone(init) && performance.now() < deadline) await sleep(5);
  return isGone(init);
}
