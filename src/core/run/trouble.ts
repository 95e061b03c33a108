// The world outside failed while an action of ours worked: tried again a few times with growing pauses, and not before the
// moment that the other side named. An outage of the model or of GitHub that lasts longer holds the run, which then looks
// again by itself: nothing is burnt, and nobody has to sit and wait.
import type { Cause } from '../model/cause.ts';
import type { Run } from '../model/run.ts';
import { renderCause } from '../reply/render-cause.ts';
import { type Draft, enter, note } from './draft.ts';
import { toHeldState } from './hold.ts';
import { missReview, toMissed } from './keep-review.ts';
import { leaveUnreviewed } from './leave-unreviewed.ts';
import { endMerge } from './refuse-merge.ts';
import { spread } from './spread.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

const pausesMs = [2 * secondMs, 10 * secondMs, 30 * secondMs];
/** Between looks at an outage. When they are used up, a person says when it is over. */
const looksMs = [5, 10, 20, 40, 60, 60].map((minutes) => minutes * minuteMs);
/** A state waits this long; for more, the run is held. */
const patienceMs = 2 * minuteMs;
/** No moment that somebody else names is waited for longer. */
const longestMs = 24 * 60 * minuteMs;

/** Counts one more failure in a row of what is asked for until it works: only the deadline of the state ends it. */
export function recordDelay(draft: Draft, run: Run, kind: string, cause: Cause): void {
  wait(draft, run, kind, countTrouble(draft, run, kind, cause));
}

function wait(draft: Draft, run: Run, kind: string, count: number): void {
  const pauseMs = [...pausesMs, ...looksMs].at(count - 1) ?? Math.max(...looksMs);
  run.waits = { ...run.waits, [kind]: draft.now + spread(pauseMs, [draft, run, kind, count]) };
}

function countTrouble(draft: Draft, run: Run, kind: string, cause: Cause): number {
  const count = (run.troubles[kind] ?? 0) + 1;
  run.troubles[kind] = count;
  note(draft, 'trouble', `${kind} failed for a reason outside of the task (${count} in a row)`, { cause });
  return count;
}

/** Counts one more failure in a row: the state asks again, or the run is held, or it fails with the cause. */
export function recordTrouble(draft: Draft, run: Run, kind: string, cause: Cause): void {
  const count = countTrouble(draft, run, kind, cause);
  // What is being ended anyway ends as what was asked for.
  if (run.state.kind === 'stopping') return;
  if (!isWorthRetrying(cause)) return failWith(draft, run, { kind, cause });
  // The run itself is as good as it was: its verdict is tried for until it comes, or its deadline does. That costs nothing.
  if (kind === 'verify' && run.state.kind === 'reviewing' && run.state.follows) return wait(draft, run, kind, count);
  const named = Math.min(retryAtOf(cause) ?? 0, draft.now + longestMs);
  const pauseMs = pausesMs[count - 1];
  if (pauseMs !== undefined && named <= draft.now + patienceMs) {
    run.waits = { ...run.waits, [kind]: Math.max(draft.now + spread(pauseMs, [draft, run, kind, count]), named) };
    return;
  }
  if (!isOutage(cause) || !toHeldState(run.state)) return failWith(draft, run, { kind, cause });
  holdForOutage(draft, run, { cause, named });
}

/** What keeps a merge from being verified anew says nothing about the run, which is as ready as it was. */
function failWith(draft: Draft, run: Run, { kind, cause }: { kind: string; cause: Cause }): void {
  if (run.state.kind === 'merging') return endMerge(draft, run, renderCause(cause));
  if (run.state.kind === 'executing' && run.state.phase === 'accepting') return leaveUnreviewed(draft, run, cause);
  if (kind === 'review' && run.state.kind === 'reviewing') {
    clearTrouble(run, kind);
    return missReview(draft, run, toMissed(cause));
  }
  enter(draft, run, { kind: 'failed', since: draft.now, cause });
}

function holdForOutage(draft: Draft, run: Run, { cause, named }: { cause: Cause; named: number }): void {
  const looks = run.looks ?? 0;
  const pauseMs = looksMs[looks];
  const by = 'gatepilot';
  // A person who holds it already says when it goes on.
  if (run.pausing && !run.pausing.cause) return;
  if (pauseMs === undefined) {
    run.pausing = { by, cause };
    return;
  }
  const next = named > draft.now ? named + spread(secondMs, [draft, run, 'named', looks]) : 0;
  const lookAt = Math.max(next || draft.now + spread(pauseMs, [draft, run, 'look', looks]), run.pausing?.lookAt ?? 0);
  run.pausing = { by, cause, lookAt };
}

function isWorthRetrying(cause: Cause): boolean {
  return cause.kind === 'model_unavailable' || (cause.kind === 'infrastructure' && !cause.isLasting);
}

/** Faults that a person here can do nothing about but wait. */
function isOutage(cause: Cause): boolean {
  return cause.kind === 'model_unavailable' || (cause.kind === 'infrastructure' && remote.includes(cause.system));
}

const remote = ['github', 'git', 'model'];

function retryAtOf(cause: Cause): number | undefined {
  return cause.kind === 'model_unavailable' || cause.kind === 'infrastructure' ? cause.retryAt : undefined;
}

/** It worked: the next outage has all its pauses and looks. */
export function clearTrouble(run: Run, kind: string): void {
  delete run.troubles[kind];
  delete run.looks;
  if (!run.waits) return;
  const { [kind]: _, ...others } = run.waits;
  if (Object.keys(others).length > 0) run.waits = others;
  else delete run.waits;
}

/** A person says that it is over. */
export function forgetTroubles(run: Run): void {
  run.troubles = {};
  delete run.waits;
  delete run.looks;
}

export function backoffUntil(draft: Draft, run: Run, kind: string): number | undefined {
  const until = run.waits?.[kind] ?? 0;
  return until > draft.now ? until : undefined;
}
