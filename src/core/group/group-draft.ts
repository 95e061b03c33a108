// The working copy of one decision of a group, as `run/draft.ts` is for a subject.
import type { Action } from '../model/action.ts';
import { copyPlain } from '../model/copy-plain.ts';
import type { Decision, LogEntry, OutboxChange } from '../model/decision.ts';
import type { GroupRecord, GroupSnapshot } from '../model/group.ts';
import type { LogKind } from '../model/log-kind.ts';
import { listActions } from '../run/outbox-after.ts';

export interface GroupDraft {
  readonly snapshot: GroupSnapshot;
  readonly now: number;
  readonly record: GroupRecord;
  readonly log: LogEntry[];
  readonly outbox: OutboxChange[];
}

export function openGroupDraft(snapshot: GroupSnapshot): GroupDraft {
  return { snapshot, now: snapshot.now, record: copyPlain(snapshot.record), log: [], outbox: [] };
}

export function toGroupDecision(draft: GroupDraft, wakeAt: number): Decision<GroupRecord> {
  return {
    record: draft.record,
    handled: draft.snapshot.inbox.map(({ entryId, eventId }) => ({ entryId, eventId })),
    log: draft.log,
    outbox: draft.outbox,
    aliases: [],
    wakeAt,
  };
}

export function noteGroup(draft: GroupDraft, kind: LogKind, text: string): void {
  draft.log.push({ kind, text });
}

/** One of a kind at a time: what is under way is waited for. */
export function wantOfGroup(draft: GroupDraft, action: Action, notBefore?: number): void {
  draft.outbox.push({ kind: 'add', action, ...(notBefore === undefined ? {} : { notBefore }) });
}

export function isUnderWay(draft: GroupDraft, kind: Action['kind']): boolean {
  return listActions(draft).some((action) => action.kind === kind);
}
