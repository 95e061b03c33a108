import { listKept, type OutboxDraft } from './outbox-after.ts';

/** How long a pending entry may lie before it is handed out again; handing out twice is harmless. */
const redispatchMs = 10_000;

/** When the outbox has to be looked at again, after this draft. */
export function listMoments(draft: OutboxDraft & { readonly now: number }): number[] {
  const { now } = draft;
  const later = (notBefore = 0) => Math.max(now + redispatchMs, notBefore);
  const kept = listKept(draft).map(({ state, notBefore }) =>
    state.kind === 'begun' ? state.leaseUntil : later(notBefore),
  );
  const changed = draft.outbox.flatMap((change) => {
    if (change.kind === 'add') return [later(change.notBefore)];
    if (change.kind === 'redispatch') return [later()];
    return change.kind === 'cancel' ? [now] : [];
  });
  return [...kept, ...changed];
}
