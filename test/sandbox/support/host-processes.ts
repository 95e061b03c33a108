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

/** Those among them that run this program, and not only pass its arguments on. */
export function findPrograms(name: string, argument: string): number[] {
  return findProcesses(argument).filter((pid) => readText(`/proc/${pid}/comm`)?.trim() === name);
}

/** Dead, and collected by their parents. */
export function areGone(pids: readonly number[]): boolean {
  return pids.every((pid) => readProcess(pid) === undefined);
}

export async function expectEventually(isTrue: () => boolean, withinMs = 10_000): Promise<void> {
  await expect.poll(isTrue, { timeout: withinMs, interval: 10 }).toBe(true);
}
