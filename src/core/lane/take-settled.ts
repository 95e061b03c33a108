import type { Action } from '../model/action.ts';
import type { LaneOutcome } from '../model/result.ts';
import { type LaneDraft, noteLane } from './lane-draft.ts';
import { tellMoved } from './tell-places.ts';

const pauseMs = 30_000;

/** What GitHub says of the holder that was revoked; only after that is the lane free. */
export function takeSettled(
  draft: LaneDraft,
  action: Extract<Action, { kind: 'settle_lane' }>,
  outcome: LaneOutcome,
): void {
  const { record } = draft;
  const { state } = record;
  if (state.kind !== 'revoking' || action.epoch !== record.epoch) return;
  if (outcome.kind === 'failed' && !outcome.isForGood) {
    record.state = { ...state, readAt: Math.max(draft.now + pauseMs, outcome.until ?? 0) };
    return noteLane(draft, 'unread', `what became of ${state.holder.ask} could not be read: ${outcome.why}`);
  }
  record.state = { kind: 'idle' };
  if (outcome.kind === 'failed') {
    // Where nothing can be read, nothing can be merged either; the base is not known any more.
    delete record.base;
    return noteLane(draft, 'settled', `what became of ${state.holder.ask} cannot be read: ${outcome.why}`);
  }
  noteLane(draft, 'settled', `${state.holder.ask} ${outcome.landed ? 'had landed' : 'did not land'}`);
  if (outcome.landed) return tellMoved(draft, outcome.base);
  if (outcome.base !== undefined) record.base = outcome.base;
}
