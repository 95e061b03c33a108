// The working copy of one decision about chores, as `run/draft.ts` is for a subject.
import type { Action } from '../model/action.ts';
import type { ChoresRecord, ChoresSnapshot } from '../model/chores.ts';
import { copyPlain } from '../model/copy-plain.ts';
import type { Decision, LogEntry, OutboxChange } from '../model/decision.ts';
import type { LogKind } from '../model/log-kind.ts';
import { listMoments } from '../run/list-moments.ts';

export interface ChoresDraft {
  readonly snapshot: ChoresSnapshot;
  readonly now: number;
  readonly record: ChoresRecord;
  readonly log: LogEntry[];
  readonly outbox: OutboxChange[];
}

export function openChoresDraft(snapshot: ChoresSnapshot): ChoresDraft {
  return { snapshot, now: snapshot.now, record: copyPlain(snapshot.record), log: [], outbox: [] };
}

export function toChoresDecision(draft: ChoresDraft): Decision<ChoresRecord> {
  const { record, log, outbox, snapshot } = draft;
  const moments = listMoments(draft);
  return {
    record,
    handled: snapshot.inbox.map(({ entryId, eventId }) => ({ entryId, eventId })),
    log,
    outbox,
    aliases: [],
    ...(moments.length === 0 ? {} : { wakeAt: Math.min(...moments) }),
  };
}

export function noteChore(draft: ChoresDraft, kind: LogKind, text: string): void {
  draft.log.push({ kind, text });
}

export type Chore = Extract<Action, { kind: 'propose_settings' | 'propose_notes' }>;

export function isChore(action: Action): action is Chore {
  return action.kind === 'propose_settings' || action.kind === 'propose_notes';
}
