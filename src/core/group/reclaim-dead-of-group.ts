import { listsLagMs } from '../model/made.ts';
import { isRemoved } from '../run/outbox-after.ts';
import type { GroupDraft } from './group-draft.ts';

const dispatchesAtMost = 4;

/** Whoever worked is gone. What reads, shows or tells may be done again as often as it takes; what kills its workers may not. */
export function reclaimDeadOfGroup(draft: GroupDraft): void {
  const { record, now } = draft;
  for (const { action, state, dispatch } of draft.snapshot.outbox) {
    if (state.kind !== 'begun' || state.leaseUntil > now || isRemoved(draft, action.id)) continue;
    if (action.kind === 'show_group')
      record.shown.doubtUntil = Math.max(record.shown.doubtUntil, state.leaseUntil + listsLagMs);
    const isGivenUp = action.kind === 'verify_group' && dispatch >= dispatchesAtMost;
    if (isGivenUp) record.trouble = { count: Number.MAX_SAFE_INTEGER, why: 'whoever worked on it died each time' };
    if (state.cancelled || isGivenUp) draft.outbox.push({ kind: 'remove', id: action.id });
    else draft.outbox.push({ kind: 'redispatch', id: action.id, dispatch: dispatch + 1, isSettling: false });
  }
}
