// Every way in which a merge can end tells the lane, in the save that ends it: not by remembering to do so at each of
// them, but by looking at what is left of the wish.
import type { LaneWish } from '../model/lane.ts';
import { type Draft, listOutstanding, tell } from './draft.ts';
import { listActions } from './outbox-after.ts';

/**
 * Leaves once the wish is of no use any more and no call under it can still be made. As for a stop, the end of a merge
 * that was only cancelled is taken from a later look: it may have begun between the decision and its save.
 */
export function leaveLane(draft: Draft): void {
  const { lane: wish, run } = draft.record;
  if (!wish) return;
  if (isGivenUp(draft, wish)) wish.mayLand = true;
  if (isOfUse(draft, wish) || isMerging(draft, wish)) return;
  // A lane that hears of leaving first would keep whoever comes after it waiting for nobody.
  if (listOutstanding(draft).includes(`tell-lane_asked/${wish.ask}`)) return;
  const isOwn = run?.id === wish.runId;
  const merged = isOwn && run.state.kind === 'merged' ? run.state : undefined;
  delete draft.record.lane;
  tell(draft, wish.lane, {
    kind: 'lane_left',
    ask: wish.ask,
    landed: isOwn && run.pullRequest?.state === 'merged',
    mayLand: wish.mayLand,
    ...(merged ? { base: merged.sha } : {}),
  });
}

/** A merge that a person was faster with keeps its place until what landed is known. */
function isOfUse({ record: { run } }: Draft, wish: LaneWish): boolean {
  if (run?.id !== wish.runId || run.state.kind !== 'merging') return false;
  return run.state.by.kind === 'person' || !wish.isOver;
}

function isMerging(draft: Draft, { ask }: LaneWish): boolean {
  return listActions(draft).some((action) => action.kind === 'merge' && action.ask === ask);
}

/** Whoever held a merge is gone, and its call may still be under way. */
function isGivenUp(draft: Draft, { ask }: LaneWish): boolean {
  return draft.snapshot.outbox.some(
    ({ action }) =>
      action.kind === 'merge' &&
      action.ask === ask &&
      draft.outbox.some((change) => change.kind === 'redispatch' && change.id === action.id),
  );
}
