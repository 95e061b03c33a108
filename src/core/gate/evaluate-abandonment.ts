import type { OutboxEntry } from '../model/action.ts';
import { type Run, toPhase } from '../model/run.ts';
import { closed, type Verdict } from './verdict.ts';

/** Longer than any worker needs to be replaced by another. */
const patienceMs = 5 * 60_000;

/**
 * The moment (epoch ms) from which a run at work counts as left alone; undefined for one that is not at work, or whose
 * work somebody holds or that waits for its turn. A run that rests waits for people, and that takes as long as it takes.
 */
export function abandonedFrom(run: Run, outbox: readonly OutboxEntry[]): number | undefined {
  if (toPhase(run.state) !== 'working') return undefined;
  const work = outbox.filter(({ action }) => action.kind !== 'present');
  if (work.some(({ state }) => state.kind === 'pending')) return undefined;
  const leases = work.map(({ state }) => (state.kind === 'begun' ? state.leaseUntil : 0));
  return Math.max(run.state.since, ...leases) + patienceMs;
}

/** A check of a run that nobody works for is settled: a verdict that does not happen must not look like one under way. */
export function evaluateAbandonment(run: Run, outbox: readonly OutboxEntry[], now: number): Verdict | undefined {
  const from = abandonedFrom(run, outbox);
  if (from === undefined || now < from) return undefined;
  const minutes = patienceMs / 60_000;
  return closed(
    'run',
    'timed_out',
    `Nobody has worked on this for ${minutes} minutes: its verdict did not happen. It goes on when a worker takes it up.`,
  );
}
