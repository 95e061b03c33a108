// Replaces holders that died: a lease that ran out is handed out again, a bounded number of times. A holder whose
// lease is valid is never touched, however long it works.
import type { OutboxEntry } from '../model/action.ts';
import type { Cause } from '../model/cause.ts';
import { nothingSpent } from '../model/spend.ts';
import { type Draft, findEntry, isWork, note } from './draft.ts';
import { takeResult } from './take-result.ts';

const dispatchesAtMost = 4;

export function reclaimDead(draft: Draft): void {
  for (const entry of draft.snapshot.outbox) {
    if (entry.state.kind !== 'begun' || entry.state.leaseUntil > draft.now) continue;
    if (draft.outbox.some((change) => change.kind === 'remove' && change.id === entry.action.id)) continue;
    reclaim(draft, entry, entry.state.cancelled);
  }
}

function reclaim(draft: Draft, entry: OutboxEntry, wasCancelled: boolean): void {
  const { id } = entry.action;
  if (wasCancelled && isWork(entry.action)) {
    note(draft, 'reclaimed', `${id} was cancelled and its holder is gone`);
    draft.outbox.push({ kind: 'remove', id });
    return;
  }
  if (entry.dispatch < dispatchesAtMost || !isWork(entry.action)) {
    note(draft, 'reclaimed', `the holder of ${id} is gone; handed out again`);
    draft.outbox.push({ kind: 'redispatch', id, dispatch: entry.dispatch + 1 });
    return;
  }
  note(draft, 'reclaimed', `the holders of ${id} died ${entry.dispatch} times; given up`);
  giveUp(draft, entry);
}

function giveUp(draft: Draft, entry: OutboxEntry): void {
  const state = findEntry(draft, entry.action.id)?.state;
  if (state?.kind !== 'begun') return;
  const cause: Cause = { kind: 'infrastructure', system: 'worker', detail: 'the worker died each time it tried' };
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
    case 'integrate':
      return takeResult(draft, { kind: 'integrated', ...identity, outcome: failed });
    case 'pilot': {
      const outcome = { kind: 'fell_back' as const, why: cause.detail, seconds: 0, spend: nothingSpent };
      return takeResult(draft, { kind: 'piloted', ...identity, outcome });
    }
    case 'verify':
      return takeResult(draft, { kind: 'verified', ...identity, outcome: failed });
    case 'publish_branch':
      return takeResult(draft, { kind: 'branch_published', ...identity, outcome: failed });
    case 'merge':
    case 'prove_merge':
      return takeResult(draft, { kind: 'merge_ended', ...identity, outcome: { kind: 'refused', why: cause.detail } });
    case 'present':
      return;
  }
}
