import type { LaneWaiter } from '../model/lane.ts';
import type { Message } from '../model/message.ts';
import { type LaneDraft, noteLane } from './lane-draft.ts';

/**
 * Puts a run at the end of the line. A subject has one wish at a time and withdraws it before it has the next, so an
 * older one of the same subject has nobody behind it.
 */
export function takeAsked(draft: LaneDraft, event: Extract<Message, { kind: 'lane_asked' }>): void {
  const { ask, subject, runId, number, holdMs, repository } = event;
  const { record } = draft;
  // Names and the installation may change; whoever asks last knows them best.
  record.repository = repository;
  const waiter: LaneWaiter = { ask, subject, runId, number, holdMs, at: draft.now };
  record.waiting = [...record.waiting.filter((other) => other.subject !== subject), waiter];
  noteLane(draft, 'asked', `${runId} of ${subject} asks to merge #${number}`);
}
