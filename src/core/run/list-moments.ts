import type { OutboxEntry } from '../model/action.ts';
import type { OutboxChange } from '../model/decision.ts';

/** How long a pending entry may lie before it is handed out again; handing out twice is harmless. */
const redispatchMs = 10_000;

/** When the outbox has to be looked at again, after these changes. */
export function listMoments(now: number, outbox: readonly OutboxEntry[], changes: readonly OutboxChange[]): number[] {
  const removed = new Set(changes.flatMap((change) => (change.kind === 'remove' ? [change.id] : [])));
  const later = (notBefore = 0) => Math.max(now + redispatchMs, notBefore);
  const kept = outbox.flatMap(({ action, state, notBefore }) => {
    if (removed.has(action.id)) return [];
    return [state.kind === 'begun' ? state.leaseUntil : later(notBefore)];
  });
  const changed = changes.flatMap((change) => {
    if (change.kind === 'add') return [later(change.notBefore)];
    if (change.kind === 'redispatch') return [later()];
    return change.kind === 'cancel' ? [now] : [];
  });
  return [...kept, ...changed];
}
