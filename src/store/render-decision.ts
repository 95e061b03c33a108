import type { Decision } from '../core/model/decision.ts';
import { readSchema } from '../core/model/migrate-record.ts';
import { type RecordId, toSubjectId } from '../core/model/subject.ts';

/** JSON inside JSON: the script passes records, actions, answers and log lines on as the strings that they are here. */
export function renderDecision(record: RecordId, decision: Decision<unknown>): string {
  const [host = '', repositoryId = ''] = record.split('/');
  return JSON.stringify({
    schema: readSchema(decision.record),
    record: JSON.stringify(decision.record),
    handled: decision.handled.map(({ entryId, eventId }) => ({ entry: entryId, id: eventId })),
    log: decision.log.map((entry) => JSON.stringify(entry)),
    outbox: decision.outbox.map((change) =>
      change.kind === 'add' ? { ...change, id: change.action.id, action: JSON.stringify(change.action) } : change,
    ),
    aliases: decision.aliases.map((number) => toSubjectId(host, Number(repositoryId), number)),
    answers: (decision.answers ?? []).map(({ key, answer }) => ({ key, answer: JSON.stringify(answer) })),
    census: decision.census ?? [],
    settlements: decision.settlements ?? [],
    reservations: decision.reservations ?? [],
    tells: decision.tells,
    trimLogBefore: decision.trimLogBefore,
    // JSON has no word for a moment that never comes.
    wakeAt: Number.isFinite(decision.wakeAt) ? decision.wakeAt : undefined,
  });
}
