// What happens next in the line before a base branch: (snapshot) -> decision, as `run/decide.ts` for a subject.
import type { Decision } from '../model/decision.ts';
import type { LaneRecord, LaneSnapshot } from '../model/lane.ts';
import type { InboxEntry } from '../model/snapshot.ts';
import { listMoments } from '../run/list-moments.ts';
import { checkGrant } from './check-grant.ts';
import { grantNext } from './grant-next.ts';
import { type LaneDraft, noteLane, openLaneDraft, toLaneDecision } from './lane-draft.ts';
import { takeAsked } from './take-asked.ts';
import { takeHeld } from './take-held.ts';
import { redispatchDead, takeLaneResult } from './take-lane-result.ts';
import { takeLeft } from './take-left.ts';
import { tellPlaces } from './tell-places.ts';

export function decideLane(snapshot: LaneSnapshot): Decision<LaneRecord> {
  const draft = openLaneDraft(snapshot);
  for (const entry of snapshot.inbox) takeLaneEvent(draft, entry);
  checkGrant(draft);
  redispatchDead(draft);
  grantNext(draft);
  tellPlaces(draft);
  return toLaneDecision(draft, earliestWake(draft));
}

function takeLaneEvent(draft: LaneDraft, { event }: InboxEntry): void {
  switch (event.kind) {
    case 'lane_asked':
      return takeAsked(draft, event);
    case 'lane_held':
      return takeHeld(draft, event);
    case 'lane_left':
      return takeLeft(draft, event);
    case 'repository_moved':
      draft.record.repository = event.repository;
      return;
    case 'told':
    case 'lane_settled':
      return takeLaneResult(draft, event);
    default:
      return noteLane(draft, 'ignored', `"${event.kind}" is nothing for a lane`);
  }
}

function earliestWake(draft: LaneDraft): number | undefined {
  const { state } = draft.record;
  const moments = listMoments(draft);
  if (state.kind === 'granted') moments.push(state.until);
  // Once the reading is asked for, the outbox says when to look again.
  if (state.kind === 'revoking' && state.readAt > draft.now) moments.push(state.readAt);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
