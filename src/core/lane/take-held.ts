import type { Message } from '../model/message.ts';
import { grantTo } from './grant-next.ts';
import type { LaneDraft } from './lane-draft.ts';

/** The holder is alive and has to verify first: its grant is made longer, never another's shorter. */
export function takeHeld(draft: LaneDraft, event: Extract<Message, { kind: 'lane_held' }>): void {
  const { state, epoch } = draft.record;
  if (state.kind !== 'granted' || state.holder.ask !== event.ask || epoch !== event.epoch) return;
  grantTo(draft, state.holder, Math.max(state.until, draft.now + state.holder.holdMs));
}
