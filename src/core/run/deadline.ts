// Every working state has a deadline with an honest name: the limit that fired, its value, the time that passed.
import type { OutboxEntry } from '../model/action.ts';
import type { Cause } from '../model/cause.ts';
import { type Run, type RunState, toPhase } from '../model/run.ts';
import { renderCause } from '../reply/render-cause.ts';
import { listEarlier } from '../review/open-findings.ts';
import { endStop } from './decide-stopping.ts';
import { cancelWork, type Draft, enter, isWork, note } from './draft.ts';
import { missReview, toMissed } from './keep-review.ts';
import { leaveUnreviewed } from './leave-unreviewed.ts';
import { endMerge } from './refuse-merge.ts';

const minuteMs = 60_000;

interface Limit {
  readonly name: string;
  readonly valueMs: number;
}

/** Whoever comes first may have to make what others find. */
function toSetupMs({ policy }: Run): number {
  return policy.setup?.timeoutMs ?? 0;
}

function toVerifyMs(run: Run): number {
  return toSetupMs(run) + run.policy.verifyTimeoutMs;
}

/** The base's tests are run over what would be merged besides, where somebody wants them. */
function toMergedVerifyMs(run: Run): number {
  const { baseTests = 'off', verifyTimeoutMs } = run.policy;
  return toVerifyMs(run) + (baseTests === 'off' ? 0 : verifyTimeoutMs);
}

/** Long enough for a batch whose tasks have to wait for one another's slot. */
function attemptsMs(run: Run): number {
  const { attemptMs, verifyTimeoutMs, maxAttempts, checksBaseline } = run.policy;
  const tasks = Math.max(1, run.ahead[0]?.length ?? 1);
  const baselineMs = checksBaseline ? verifyTimeoutMs : 0;
  return toSetupMs(run) + baselineMs + (attemptMs + verifyTimeoutMs) * maxAttempts * tasks + 30 * minuteMs;
}

/** The limit of the state that a run is in. Attempts have their own, shorter limit; this one catches what never reports. */
function limitOf(run: Run): Limit {
  const { state } = run;
  switch (state.kind) {
    case 'planning':
      return { name: 'planning', valueMs: 15 * minuteMs };
    case 'executing':
      if (state.phase === 'attempting') {
        const valueMs = attemptsMs(run);
        return { name: 'attempts of a batch', valueMs };
      }
      // Of one part: with the next one the state is entered anew.
      if (state.phase === 'accepting')
        return { name: 'acceptance', valueMs: run.policy.acceptanceMs + toVerifyMs(run) + 15 * minuteMs };
      return state.phase === 'integrating'
        ? { name: 'integration', valueMs: toVerifyMs(run) + 15 * minuteMs }
        : { name: 'boundary', valueMs: 10 * minuteMs };
    case 'reviewing':
      if (state.phase === 'judging')
        return {
          name: 'review before the merge',
          valueMs: run.policy.attemptMs + toSetupMs(run) + lookMs(run) + 15 * minuteMs,
        };
      if (state.phase === 'resolving')
        return { name: 'resolving a conflict', valueMs: toSetupMs(run) + run.policy.attemptMs + 15 * minuteMs };
      return {
        name: state.phase,
        valueMs: (state.phase === 'verifying' ? toMergedVerifyMs(run) : toVerifyMs(run)) + 15 * minuteMs,
      };
    case 'merging':
      return limitOfMerging(run, state);
    case 'stopping':
      return { name: 'stopping', valueMs: 2 * minuteMs };
    default:
      return { name: 'none', valueMs: Number.POSITIVE_INFINITY };
  }
}

/** What was confirmed before is looked at as well as what is new. */
function lookMs(run: Run): number {
  return run.policy.verifyTimeoutMs * (listEarlier(run).claimed.length === 0 ? 1 : 2);
}

/** Whoever waits in the lane may wait long: each before it may have to verify first. */
function limitOfMerging(run: Run, { by }: Extract<RunState, { kind: 'merging' }>): Limit {
  // It has landed: only an outage keeps us from reading what did.
  if (by.kind === 'person') return { name: 'reading what was merged', valueMs: 24 * 60 * minuteMs };
  const { phase } = by;
  if (phase === 'waiting') return { name: 'waiting for the lane', valueMs: 6 * 60 * minuteMs };
  return phase === 'verifying'
    ? { name: 'verifying before the merge', valueMs: toMergedVerifyMs(run) + 15 * minuteMs }
    : { name: 'merging', valueMs: 10 * minuteMs };
}

/** How long a state may wait for somebody to begin its work, where others are first. */
const queueMs = 6 * 60 * minuteMs;

/** From when on which limit counts: what waits for a place is not at work, and that may last, but not for ever. */
function clockOf(run: Run, outbox: readonly OutboxEntry[]): { readonly from: number; readonly limit: Limit } {
  const { since } = run.state;
  const limit = limitOf(run);
  const work = mayQueue(run) ? outbox.filter(({ action }) => isWork(action)) : [];
  if (work.length === 0) return { from: since, limit };
  const begun = work.flatMap(({ state }) => (state.kind === 'begun' ? [state.since ?? since] : []));
  if (begun.length > 0) return { from: Math.max(since, Math.min(...begun)), limit };
  return { from: since, limit: { name: `${limit.name}, which nobody has begun`, valueMs: limit.valueMs + queueMs } };
}

/** Whoever merges keeps others waiting, and whoever stops keeps a person waiting. */
function mayQueue({ state }: Run): boolean {
  return ['planning', 'executing', 'reviewing'].includes(state.kind);
}

/** The earlier of the state's own limit and the time that the whole run may take. */
export function deadlineOf(run: Run, outbox: readonly OutboxEntry[]): number {
  const { from, limit } = clockOf(run, outbox);
  return Math.min(from + limit.valueMs, isBuilding(run) ? endOfRun(run) : Number.POSITIVE_INFINITY);
}

/** A pull request that people take their time with is no work: only what leads up to it counts. */
function isBuilding({ state }: Run): boolean {
  return state.kind === 'planning' || state.kind === 'executing';
}

/** The limit that ends a whole run, by the name that people gave it. */
export const timeLimit = 'budget.run_minutes';

/** Time in which a run is held or rests is no work. */
export function endOfRun(run: Run): number {
  return run.startedAt + run.policy.runMs + (run.raised?.ms ?? 0) + (run.heldMs ?? 0);
}

export function checkDeadline(draft: Draft): void {
  const { run } = draft.record;
  if (!run || toPhase(run.state) !== 'working' || draft.now < deadlineOf(run, draft.snapshot.outbox)) return;
  const isRunOver = isBuilding(run) && draft.now >= endOfRun(run);
  const { from, limit } = isRunOver
    ? {
        from: run.startedAt + (run.heldMs ?? 0),
        limit: { name: timeLimit, valueMs: run.policy.runMs + (run.raised?.ms ?? 0) },
      }
    : clockOf(run, draft.snapshot.outbox);
  const elapsedMs = draft.now - from;
  const cause: Cause = { kind: 'deadline', limit: limit.name, valueMs: limit.valueMs, elapsedMs };
  note(draft, 'deadline', `the limit for ${limit.name} (${limit.valueMs} ms) has passed after ${elapsedMs} ms`);
  cancelWork(draft);
  if (run.state.kind === 'stopping') return endStop(draft, run, run.state.by);
  // One who asks to merge may ask again; the run itself has come to its end before.
  if (run.state.kind === 'merging' && run.state.by.kind === 'command') return endMerge(draft, run, renderCause(cause));
  if (!isRunOver && run.state.kind === 'executing' && run.state.phase === 'accepting')
    return leaveUnreviewed(draft, run, cause);
  if (run.state.kind === 'reviewing' && run.state.phase === 'judging') return missReview(draft, run, toMissed(cause));
  enter(draft, run, { kind: 'failed', since: draft.now, cause });
}
