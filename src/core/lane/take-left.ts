import { settleAfterMs } from '../model/lane.ts';
import type { Message } from '../model/message.ts';
import { type LaneDraft, noteLane } from './lane-draft.ts';
import { tellMoved } from './tell-places.ts';

/** A run does not want the lane any more: it has merged, was refused, was stopped or has ended in any other way. */
export function takeLeft(draft: LaneDraft, event: Extract<Message, { kind: 'lane_left' }>): void {
  const { record } = draft;
  const { state } = record;
  const isHolder = state.kind !== 'idle' && state.holder.ask === event.ask;
  const isWaiting = record.waiting.some(({ ask }) => ask === event.ask);
  if (!isHolder && !isWaiting) return noteLane(draft, 'ignored', `${event.ask} left and was not here any more`);
  record.waiting = record.waiting.filter(({ ask }) => ask !== event.ask);
  noteLane(draft, 'left', `${event.ask} ${event.landed ? 'has landed' : 'leaves without a merge'}`);
  if (event.landed) tellMoved(draft, event.base);
  if (!isHolder) return;
  // Nobody knows how its last call ended: the next one waits until it can be read.
  if (!event.landed && event.mayLand) {
    if (state.kind === 'granted')
      record.state = { kind: 'revoking', holder: state.holder, since: draft.now, readAt: draft.now + settleAfterMs };
    return;
  }
  record.state = { kind: 'idle' };
}
