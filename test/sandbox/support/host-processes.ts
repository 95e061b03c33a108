// Looks for processes from outside, as an operator would.
import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { readProcess, readText } from '../../../src/sandbox/bubblewrap/process-facts.ts';

/** The processes of this host, dead or alive, that were started with this argument. */
export function findProcesses(argument: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && readText(`/proc/${pid}/cmdline`)?.split('\0').includes(argument));
}

/** Everything below these processes and they themselves. Zombies have no arguments, so they are found by their parents. */
export function areGone(pids: readonly number[]): boolean {
  return pids.every((pid) => readProcess(pid) === undefined);
}

export async function expectEventually(isTrue: () => boolean, withinMs = 10_000): Promise<void> {
  await expect.poll(isTrue, { timeout: withinMs, interval: 10 }).toBe(true);
}
