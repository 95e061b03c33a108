import type { Message } from '../model/message.ts';
import { type Draft, findEntry, note } from './draft.ts';
import { noteBase } from './moved-base.ts';

type FromLane = Extract<Message, { kind: 'lane_granted' | 'lane_revoked' | 'lane_placed' | 'base_moved' }>;

/** What the lane says about our wish. What is about an older one comes too late: the lane was told that it is left. */
export function takeLaneMessage(draft: Draft, event: FromLane): void {
  const { lane: wish, run } = draft.record;
  if (wish?.ask !== event.ask || wish.isOver) return;
  const by = run?.state.kind === 'merging' && run.state.by.kind === 'command' ? run.state.by : undefined;
  switch (event.kind) {
    case 'lane_granted': {
      const { epoch, base } = event;
      // A longer grant of the same epoch may overtake the shorter one.
      const until = Math.max(event.until, wish.grant?.until ?? 0);
      if (!wish.grant) note(draft, 'lane', `it is our turn to merge (epoch ${epoch})`);
      wish.grant = { epoch, until, ...(base === undefined ? {} : { base }) };
      return;
    }
    case 'lane_revoked':
      note(draft, 'lane', `our turn to merge was taken back (epoch ${event.epoch})`);
      wish.isOver = true;
      return cancelMerge(draft);
    case 'lane_placed':
      if (!by) return;
      by.ahead = Math.min(event.ahead, by.ahead ?? event.ahead);
      if (draft.urgency === 'none') draft.urgency = 'soon';
      return;
    case 'base_moved':
      if (by && run) noteBase(draft, run, { head: event.base, isRead: true });
      return;
  }
}

/** What works under the grant: the merge itself, and the verification that would lead to it. */
function cancelMerge(draft: Draft): void {
  for (const { action } of draft.snapshot.outbox) {
    if (action.kind !== 'merge' && action.kind !== 'verify') continue;
    if (draft.outbox.some((change) => change.kind !== 'add' && change.id === action.id)) continue;
    if (findEntry(draft, action.id)?.isSettling) continue;
    draft.outbox.push({ kind: 'cancel', id: action.id });
  }
}
