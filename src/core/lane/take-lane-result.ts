import type { ResultEvent } from '../model/event.ts';
import { isRemoved } from '../run/outbox-after.ts';
import { type LaneDraft, noteLane } from './lane-draft.ts';
import { takeSettled } from './take-settled.ts';

/** Counts only when its action is still in the outbox under the same token, as for a subject. */
export function takeLaneResult(draft: LaneDraft, event: ResultEvent): void {
  const { actionId, token } = event;
  const entry = draft.snapshot.outbox.find(({ action }) => action.id === actionId);
  if (entry?.state.kind !== 'begun' || entry.state.token !== token || isRemoved(draft, actionId))
    return noteLane(draft, 'stale_result', `a result of ${actionId} came from a holder that was replaced; ignored`);
  draft.outbox.push({ kind: 'remove', id: actionId });
  if (event.kind === 'lane_settled' && entry.action.kind === 'settle_lane')
    takeSettled(draft, entry.action, event.outcome);
}

/** Telling and reading may be done again as often as it takes: neither changes anything by being done twice. */
export function redispatchDead(draft: LaneDraft): void {
  for (const { action, state, dispatch } of draft.snapshot.outbox) {
    if (state.kind !== 'begun' || state.leaseUntil > draft.now) continue;
    if (isRemoved(draft, action.id)) continue;
    draft.outbox.push({ kind: 'redispatch', id: action.id, dispatch: dispatch + 1, isSettling: false });
  }
}
