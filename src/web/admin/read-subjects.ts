// Subjects as operators read them: the record in short, with what waits and works for it, and never a lease's token.
import type { OutboxEntry } from '../../core/model/action.ts';
import type { SubjectRecord } from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import type { SubjectId } from '../../core/model/subject.ts';
import { renderHeadline } from '../../core/reply/headline.ts';
import { UnreadableRecord } from '../../engine/port/unreadable-record.ts';
import { type Answer, toAnswer } from './answer.ts';
import { type AdminPorts, type Call, readLimit, readSubjectId, unknownSubject } from './call.ts';
import { toVitalSign } from './to-vital-sign.ts';

const subjectsAtMost = 100;

/** Newest first. */
export async function listSubjects({ store }: AdminPorts, call: Call): Promise<Answer> {
  const subjects = await store.listSubjects(readLimit(call, subjectsAtMost));
  const lines = await Promise.all(
    subjects.map(async (subject) => {
      return await store.load(subject).then(
        ({ record, isNewer }) => {
          return { subject, isNewer, ...(record ? toLine(record) : {}) };
        },
        (error: unknown) => toUnreadableLine(subject, error),
      );
    }),
  );
  return toAnswer({ subjects: lines });
}

/** One that cannot be read hides no other. */
function toUnreadableLine(subject: SubjectId, error: unknown): Record<string, unknown> {
  if (error instanceof UnreadableRecord) return { subject, isNewer: false, state: 'unreadable' };
  throw error;
}

export async function readSubject({ store }: AdminPorts, call: Call): Promise<Answer> {
  const subject = readSubjectId(call);
  if (!subject) return unknownSubject;
  const { now, version, record, isNewer, inbox, outbox, unreadable } = await store.load(subject);
  if (!record && !isNewer && inbox.length === 0 && unreadable.length === 0) return unknownSubject;
  return toAnswer({
    subject,
    now,
    version,
    isNewer,
    ...(record ? { ...toLine(record), links: toLinks(subject) } : {}),
    ...(record?.run ? { run: toRunView(record.run) } : {}),
    archived: record?.archived ?? [],
    inbox: inbox.map(({ eventId, event }) => ({ eventId, kind: event.kind })),
    unreadable: unreadable.map(({ eventId, why }) => ({ eventId, why })),
    outbox: await Promise.all(
      outbox.map(async (entry) => ({ ...toEntryView(entry, now), ...(await readPlace(store, subject, entry)) })),
    ),
  });
}

function toLine({ repository, number, title, isPullRequest, run }: SubjectRecord): Record<string, unknown> {
  return {
    repository: `${repository.owner}/${repository.name}`,
    number,
    title,
    isPullRequest,
    ...(run ? { state: run.state.kind, headline: renderHeadline(run) } : { state: 'none' }),
  };
}

function toLinks(subject: SubjectId): Record<string, string> {
  const [host = '', repository, number] = subject.split('/');
  const path = `/api/repositories/${encodeURIComponent(host)}/${repository}/subjects/${number}`;
  return { events: `${path}/events`, commands: `${path}/commands` };
}

function toRunView(run: Run): Record<string, unknown> {
  return {
    id: run.id,
    startedAt: run.startedAt,
    startedBy: run.startedBy.login,
    state: run.state,
    base: run.base,
    ...(run.pullRequest ? { pullRequest: run.pullRequest } : {}),
    tasks: run.tasks.map(({ key, title, state, attempts }) => ({
      key,
      title,
      state: state.kind,
      attempts: attempts.length,
    })),
    batches: { behind: run.behind, ahead: run.ahead },
    spend: run.spend,
    limitMicroUsd: run.policy.runMicroUsd,
  };
}

function toEntryView(
  { action, dispatch, isSettling, notBefore, state }: OutboxEntry,
  now: number,
): Record<string, unknown> {
  return {
    id: action.id,
    kind: action.kind,
    dispatch,
    isSettling,
    ...(notBefore === undefined ? {} : { notBefore }),
    state:
      state.kind === 'begun'
        ? {
            kind: state.kind,
            leaseUntil: state.leaseUntil,
            sign: toVitalSign(state.leaseUntil, now),
            cancelled: state.cancelled,
          }
        : { kind: state.kind },
  };
}

/** What was last said of an attempt that has not begun: that it waits for a place, and how many are before it. */
async function readPlace(
  store: AdminPorts['store'],
  subject: SubjectId,
  { action, state }: OutboxEntry,
): Promise<{ waits?: string }> {
  if (action.kind !== 'attempt' || state.kind !== 'pending') return {};
  const newest = (await store.readLive(subject, action.id, '')).at(-1);
  return newest === undefined ? {} : { waits: newest.line };
}
