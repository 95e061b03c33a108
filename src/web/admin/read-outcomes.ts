import type { SubjectRecord } from '../../core/model/record.ts';
import type { RunOutcome } from '../../core/model/run-outcome.ts';
import { isSubjectId, type SubjectId } from '../../core/model/subject.ts';
import { accountOutcomes } from '../../core/outcome/account-outcomes.ts';
import { toRunOutcome } from '../../core/outcome/to-run-outcome.ts';
import { UnreadableRecord } from '../../engine/port/unreadable-record.ts';
import { type Answer, toAnswer, toProblem } from './answer.ts';
import type { AdminPorts, Call } from './call.ts';

/** So many records are read at a time, however many a repository has. */
const recordsAtOnce = 25;
const dayMs = 24 * 3_600_000;

/** What a repository made of its runs that ended in the last days. */
export async function readOutcomes({ store, clock }: AdminPorts, { params, query }: Call): Promise<Answer> {
  const { host = '', repository = '' } = params;
  if (!/^[1-9]\d{0,14}$/.test(repository))
    return toProblem('unknown_repository', 'Nothing is known of this repository.');
  const days = readDays(query);
  if (days === undefined) return toProblem('bad_request', '`days` is a whole number from 1 to 3650.');
  const ids = (await store.listRecords(host, Number(repository))).flatMap((id) => (isSubjectId(id) ? [id] : []));
  if (ids.length === 0) return toProblem('unknown_repository', 'Nothing is known of this repository.');
  const since = clock.now() - days * dayMs;
  const outcomes: RunOutcome[] = [];
  let unread = 0;
  for (let first = 0; first < ids.length; first += recordsAtOnce) {
    const loaded = await Promise.all(ids.slice(first, first + recordsAtOnce).map((id) => load(store, id)));
    unread += loaded.filter((record) => record === undefined).length;
    outcomes.push(...loaded.flatMap((record) => (record ? listOutcomes(record) : [])));
  }
  const counted = outcomes.filter(({ endedAt }) => endedAt >= since);
  return toAnswer({ days, since, ...accountOutcomes(counted), unread });
}

function readDays(query: URLSearchParams): number | undefined {
  const text = query.get('days') ?? '90';
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= 3_650 ? days : undefined;
}

/** Undefined where this version cannot read it: counted as such, and hiding no other. */
async function load(store: AdminPorts['store'], id: SubjectId) {
  try {
    return (await store.load(id)).record;
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}

/** Runs that were replaced or archived, and one that is still there. */
function listOutcomes({ run, outcomes = [] }: SubjectRecord): RunOutcome[] {
  const newest = run && toRunOutcome(run);
  return newest ? [...outcomes, newest] : outcomes;
}
