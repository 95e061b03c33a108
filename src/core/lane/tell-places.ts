import type { LaneWaiter } from '../model/lane.ts';
import { type LaneDraft, noteLane, tellWaiter } from './lane-draft.ts';

/** A merge landed: what those who wait have verified is stale. Only the head of the lane verifies anew, at its turn. */
export function tellMoved(draft: LaneDraft, base: string | undefined): void {
  const { record } = draft;
  if (base === undefined) {
    delete record.base;
    return;
  }
  if (record.base === base) return;
  record.base = base;
  noteLane(draft, 'base_moved', `${record.branch} is at ${base.slice(0, 10)}`);
  const { branch, epoch } = record;
  for (const waiter of record.waiting)
    tellWaiter(draft, waiter, { kind: 'base_moved', ask: waiter.ask, epoch, branch, base });
}

/** Says how many are before them to those whose place is another than before. */
export function tellPlaces(draft: LaneDraft): void {
  const before = toPlaces(draft.snapshot.record);
  const { epoch } = draft.record;
  for (const [ask, { waiter, ahead }] of toPlaces(draft.record)) {
    if (before.get(ask)?.ahead !== ahead) tellWaiter(draft, waiter, { kind: 'lane_placed', ask, epoch, ahead });
  }
}

/** The holder counts as well. */
function toPlaces(record: LaneDraft['record']): Map<string, { waiter: LaneWaiter; ahead: number }> {
  const holders = record.state.kind === 'idle' ? 0 : 1;
  return new Map(record.waiting.map((waiter, index) => [waiter.ask, { waiter, ahead: index + holders }]));
}
