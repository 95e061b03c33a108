// The working copy of one decision about chores, as `run/draft.ts` is for a subject.
import type { Action } from '../model/action.ts';
import { toCensusName } from '../model/base-watch.ts';
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
  const { repository, pulls } = record;
  const moments = listMoments(draft);
  // One that has passed is acted on by this decision, or by the one that takes what is under way.
  if (pulls?.due !== undefined && pulls.due > draft.now) moments.push(pulls.due);
  return {
    record,
    handled: snapshot.inbox.map(({ entryId, eventId }) => ({ entryId, eventId })),
    log,
    outbox,
    aliases: [],
    census: pulls?.branch === undefined ? [] : [{ name: toCensusName(repository, pulls.branch) }],
    ...(moments.length === 0 ? {} : { wakeAt: Math.min(...moments) }),
  };
}

export function noteChore(draft: ChoresDraft, kind: LogKind, text: string): void {
  draft.log.push({ kind, text });
}

const choreKinds = ['propose_settings', 'propose_notes', 'look_at_pulls'] as const;
export type Chore = Extract<Action, { kind: (typeof choreKinds)[number] }>;

export function isChore(action: Action): action is Chore {
  return choreKinds.some((kind) => kind === action.kind);
}
