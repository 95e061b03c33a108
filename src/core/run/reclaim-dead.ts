// Replaces holders that died: a lease that ran out is handed out again, a bounded number of times. A holder whose
// lease is valid is never touched, however long it works.
import type { Action, OutboxEntry } from '../model/action.ts';
import type { Cause } from '../model/cause.ts';
import { listsLagMs } from '../model/made.ts';
import type { Limits } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { isAffordable, reserve, settleAtBound, toSpendCause } from './budget.ts';
import { findEmpty } from './day-money.ts';
import { type Draft, findEntry, note } from './draft.ts';
import { doubtUntil } from './keep-made.ts';
import { isRemoved } from './outbox-after.ts';
import { noteTakeover } from './take-checkpointed.ts';
import { takeResult } from './take-result.ts';
import { findTask } from './task-state.ts';

const dispatchesAtMost = 4;
const pauseMs = 5 * 60_000;

export function reclaimDead(draft: Draft): void {
  for (const entry of draft.snapshot.outbox) {
    if (entry.state.kind !== 'begun' || entry.state.leaseUntil > draft.now) continue;
    if (isRemoved(draft, entry.action.id)) continue;
    if (entry.action.kind === 'present') doubtUntil(draft, entry.state.leaseUntil + listsLagMs);
    const isCancelled = entry.state.cancelled || isCancelledNow(draft, entry.action.id);
    reclaim(draft, entry, isCancelled || entry.isSettling);
  }
}

/** A stop that is decided in the very look that finds the holder dead. */
function isCancelledNow(draft: Draft, id: string): boolean {
  return draft.outbox.some((change) => change.kind === 'cancel' && change.id === id);
}

/** What these did cannot be undone or forgotten: somebody has to look. */
const outward: readonly Action['kind'][] = ['publish_branch', 'merge', 'prove_merge'];

function reclaim(draft: Draft, entry: OutboxEntry, wasCancelled: boolean): void {
  const { id, kind } = entry.action;
  if (wasCancelled && !outward.includes(kind)) {
    note(draft, 'reclaimed', `${id} was cancelled and its holder is gone`);
    settleDead(draft, entry);
    draft.outbox.push({ kind: 'remove', id });
    return;
  }
  const { run } = draft.record;
  const bound = settleDead(draft, entry);
  if (bound && run && entry.dispatch < dispatchesAtMost) {
    if (!isAffordable(run, bound)) {
      note(draft, 'reclaimed', `the holder of ${id} is gone, and what is left does not pay for another`);
      return giveUp(draft, entry, toSpendCause(run, bound));
    }
    if (findEmpty(draft, run, bound)) {
      note(draft, 'reclaimed', `the holder of ${id} is gone, and the day does not pay for another`);
      return takeBack(draft, entry);
    }
    reserve(draft, run, id, bound);
  }
  // What is told is told in the end; reading what a dead merge call did is no second call.
  if (kind === 'tell' || entry.dispatch < dispatchesAtMost) {
    note(draft, 'reclaimed', `the holder of ${id} is gone; handed out again`);
    noteAnew(draft, entry.action);
    draft.outbox.push({
      kind: 'redispatch',
      id,
      dispatch: entry.dispatch + 1,
      isSettling: wasCancelled || kind === 'merge',
    });
    return;
  }
  note(draft, 'reclaimed', `the holders of ${id} died ${entry.dispatch} times; given up`);
  giveUp(draft, entry, abandoned);
}

/** Of an attempt that can be gone on with, whoever takes it says how it begins. */
function noteAnew(draft: Draft, action: Action): void {
  const { run } = draft.record;
  if (action.kind !== 'attempt' || run?.id !== action.runId) return;
  const attempt = findTask(run, action.task)?.attempts.find((one) => one.action === action.id);
  if (attempt && !attempt.checkpoint)
    noteTakeover(draft, { action: action.id, attempt }, { kind: 'anew', at: draft.now, why: 'none' });
}

/** What a dead holder used nobody knows: all that it might have counts as used. */
function settleDead(draft: Draft, { action }: OutboxEntry): Limits | undefined {
  const { run } = draft.record;
  return run && 'runId' in action && action.runId === run.id ? settleAtBound(draft, run, action.id) : undefined;
}

/** Nothing is said about it: the state asks for it again, when there is money for it. */
function takeBack(draft: Draft, { action, state }: OutboxEntry): void {
  if (state.kind !== 'begun') return;
  const told = { actionId: action.id, token: state.token, outcome: { kind: 'stopped', spend: nothingSpent } } as const;
  if (action.kind === 'plan') takeResult(draft, { kind: 'planned', ...told });
  if (action.kind === 'attempt') takeResult(draft, { kind: 'attempt_ended', ...told });
  if (action.kind === 'acceptance') takeResult(draft, { kind: 'acceptance_judged', ...told });
  if (action.kind === 'review') takeResult(draft, { kind: 'reviewed', ...told });
  if (action.kind === 'repair') takeResult(draft, { kind: 'conflict_resolved', ...told });
  if (action.kind === 'pilot')
    takeResult(draft, { kind: 'piloted', actionId: action.id, token: state.token, outcome: { kind: 'stopped' } });
}

const abandoned: Extract<Cause, { kind: 'infrastructure' }> = {
  kind: 'infrastructure',
  system: 'worker',
  detail: 'nobody came to an end with it; a worker died, or something outside did not answer',
};

function giveUp(draft: Draft, entry: OutboxEntry, cause: Cause): void {
  const state = findEntry(draft, entry.action.id)?.state;
  if (state?.kind !== 'begun') return;
  const identity = { actionId: entry.action.id, token: state.token };
  const failed = { kind: 'failed' as const, cause };
  switch (entry.action.kind) {
    case 'plan':
      return takeResult(draft, { kind: 'planned', ...identity, outcome: { ...failed, spend: nothingSpent } });
    case 'attempt':
      return takeResult(draft, {
        kind: 'attempt_ended',
        ...identity,
        outcome: { ...failed, summary: '', spend: nothingSpent },
      });
    case 'baseline':
      return takeResult(draft, { kind: 'baseline_checked', ...identity, outcome: failed });
    case 'integrate':
      return takeResult(draft, { kind: 'integrated', ...identity, outcome: failed });
    case 'acceptance':
      return takeResult(draft, {
        kind: 'acceptance_judged',
        ...identity,
        outcome: { ...failed, spend: nothingSpent },
      });
    case 'pilot': {
      const outcome = { kind: 'fell_back' as const, why: abandoned.detail, seconds: 0, spend: nothingSpent };
      return takeResult(draft, { kind: 'piloted', ...identity, outcome });
    }
    case 'verify':
      return takeResult(draft, { kind: 'verified', ...identity, outcome: failed });
    case 'repair':
    case 'resolve':
      return takeResult(draft, { kind: 'conflict_resolved', ...identity, outcome: { ...failed, spend: nothingSpent } });
    case 'review':
      return takeResult(draft, { kind: 'reviewed', ...identity, outcome: { ...failed, spend: nothingSpent } });
    case 'publish_branch':
      return takeResult(draft, { kind: 'branch_published', ...identity, outcome: failed });
    case 'merge':
    case 'prove_merge':
      return takeResult(draft, {
        kind: 'merge_ended',
        ...identity,
        outcome: { kind: 'refused', why: abandoned.detail },
      });
    case 'archive':
      return takeResult(draft, { kind: 'archived', ...identity, outcome: { kind: 'failed', why: abandoned.detail } });
    case 'present':
      draft.outbox.push({ kind: 'remove', id: entry.action.id });
      draft.record.presentation.notBefore = draft.now + pauseMs;
      return;
  }
}
