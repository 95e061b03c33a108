import { settleAfterMs } from '../model/lane.ts';
import { type LaneDraft, noteLane, tellWaiter, wantOfLane } from './lane-draft.ts';

/**
 * A grant that ran out is taken back, and that is all that time alone does: the holder is told, its last merge call has
 * the time to end, and then GitHub is asked what became of it.
 */
export function checkGrant(draft: LaneDraft): void {
  const { record, now } = draft;
  const { state, epoch } = record;
  if (state.kind === 'granted' && now >= state.until) {
    const { holder } = state;
    noteLane(draft, 'revoked', `${holder.ask} did not come to an end in time`);
    record.state = { kind: 'revoking', holder, since: now, readAt: now + settleAfterMs };
    tellWaiter(draft, holder, { kind: 'lane_revoked', ask: holder.ask, epoch });
  }
  if (record.state.kind === 'revoking' && now >= record.state.readAt) {
    const { holder, readAt } = record.state;
    // The moment is part of the name: asking again later is another action.
    wantOfLane(draft, { kind: 'settle_lane', id: `settle-${epoch}-${readAt}`, epoch, number: holder.number });
  }
}
