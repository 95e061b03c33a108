import { grantMs, type LaneWaiter } from '../model/lane.ts';
import { type LaneDraft, noteLane, tellWaiter } from './lane-draft.ts';

/** An idle lane belongs to whoever asked first. Every grant has an epoch of its own. */
export function grantNext(draft: LaneDraft): void {
  const { record } = draft;
  const [next, ...others] = record.waiting;
  if (record.state.kind !== 'idle' || !next) return;
  record.waiting = others;
  record.epoch += 1;
  noteLane(draft, 'granted', `${next.ask} may merge #${next.number} (epoch ${record.epoch})`);
  grantTo(draft, next, draft.now + grantMs);
}

export function grantTo(draft: LaneDraft, holder: LaneWaiter, until: number): void {
  const { record } = draft;
  const at = record.state.kind === 'granted' ? record.state.at : draft.now;
  record.state = { kind: 'granted', holder, at, until };
  tellWaiter(draft, holder, {
    kind: 'lane_granted',
    ask: holder.ask,
    epoch: record.epoch,
    until,
    ...(record.base === undefined ? {} : { base: record.base }),
  });
}
