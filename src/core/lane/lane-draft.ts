// The working copy of one decision of a lane, as `run/draft.ts` is for a subject.
import type { Action } from '../model/action.ts';
import { copyPlain } from '../model/copy-plain.ts';
import type { Decision, LogEntry, OutboxChange } from '../model/decision.ts';
import type { LaneRecord, LaneSnapshot, LaneWaiter } from '../model/lane.ts';
import type { LogKind } from '../model/log-kind.ts';
import { type Message, toMessageId } from '../model/message.ts';

export interface LaneDraft {
  readonly snapshot: LaneSnapshot;
  readonly now: number;
  readonly record: LaneRecord;
  readonly log: LogEntry[];
  readonly outbox: OutboxChange[];
}

export function openLaneDraft(snapshot: LaneSnapshot): LaneDraft {
  return { snapshot, now: snapshot.now, record: copyPlain(snapshot.record), log: [], outbox: [] };
}

export function toLaneDecision(draft: LaneDraft, wakeAt: number | undefined): Decision<LaneRecord> {
  return {
    record: draft.record,
    handled: draft.snapshot.inbox.map(({ entryId, eventId }) => ({ entryId, eventId })),
    log: draft.log,
    outbox: draft.outbox,
    aliases: [],
    ...(wakeAt === undefined ? {} : { wakeAt }),
  };
}

export function noteLane(draft: LaneDraft, kind: LogKind, text: string): void {
  draft.log.push({ kind, text });
}

export function wantOfLane(draft: LaneDraft, action: Action): void {
  const isKnown = draft.snapshot.outbox.some((entry) => entry.action.id === action.id);
  if (!isKnown) draft.outbox.push({ kind: 'add', action });
}

export function tellWaiter(draft: LaneDraft, waiter: LaneWaiter, event: Message): void {
  wantOfLane(draft, { kind: 'tell', id: `tell-${toMessageId(event)}`, to: waiter.subject, event });
}
