// What the store still holds: told next to the verdict as a line of its own, since the store is our own record.
import { parseSubjectId, type RecordId } from '../../../core/model/subject.ts';
import { loadRecord } from '../../../engine/load-record.ts';
import type { StorePort } from '../../../engine/port/store.ts';
import type { Finding } from './finding.ts';

const subjectsAtMost = 10_000;

/** Events that nobody decided on, actions that nobody settled, and leases, of subjects, and of the lanes and chores beside them. */
export async function readUnsettled(store: StorePort): Promise<Finding[]> {
  const subjects = await store.listSubjects(subjectsAtMost);
  const repositories = new Map(
    subjects.map((subject) => {
      const { host, repositoryId } = parseSubjectId(subject);
      return [`${host}/${repositoryId}`, { host, repositoryId }] as const;
    }),
  );
  const records = await Promise.all(
    [...repositories.values()].map(({ host, repositoryId }) => store.listRecords(host, repositoryId)),
  );
  const unsettled = await Promise.all(records.flat().map((record) => readRecord(store, record)));
  return unsettled.flat();
}

async function readRecord(store: StorePort, record: RecordId): Promise<Finding[]> {
  const { inbox, outbox } = await loadRecord(store, record);
  const events = inbox.map(({ event }) => `the inbox holds ${event.kind}`);
  const actions = outbox.map(({ action, state, dispatch }) => {
    return `the outbox holds ${action.id}, ${state.kind === 'begun' ? 'under a lease' : 'pending'}, dispatch ${dispatch}`;
  });
  return [...events, ...actions].map((what): Finding => ({ kind: 'stuck', where: record, what }));
}
