// Looks at a commit of the merge queue, with the machinery by which subjects are looked at. What is over for long is
// forgotten: a queue makes many.
import { decideGroup, forgottenFrom } from '../core/group/decide-group.ts';
import { isAtLeast } from '../core/model/actor.ts';
import { type GroupRecord, type GroupSnapshot, openGroup } from '../core/model/group.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import type { GroupId, Repository } from '../core/model/subject.ts';
import { type AdvanceRecordPorts, advanceRecord } from './advance-record.ts';
import { answerOr } from './answer-or.ts';
import type { Looking } from './decide-soundly.ts';
import type { ClockPort } from './port/clock.ts';
import type { DeletionLedger } from './port/deletion.ts';
import type { GitHubReader } from './port/github.ts';
import type { LoadedGroup } from './port/store.ts';
import { UnreadableRecord } from './port/unreadable-record.ts';

export interface AdvanceGroupPorts extends AdvanceRecordPorts {
  readonly github: Pick<GitHubReader, 'readPermission'>;
  readonly clock: ClockPort;
  readonly deletions: Pick<DeletionLedger, 'keep'>;
}

const patienceMs = 20_000;
/** Longer than any lease: whoever still worked on it writes no file after that. */
const lateWritersMs = 60_000;

export async function advanceGroup(ports: AdvanceGroupPorts, group: GroupId): Promise<void> {
  if (await forget(ports, group)) return;
  const looking: Looking<GroupRecord, GroupSnapshot> = {
    load: () => ports.store.loadGroup(group),
    async observe({ now, record, inbox, outbox }) {
      const known = record ?? openFirstGroup(inbox, now);
      if (!known) return undefined;
      const writers = await readWriters(ports, known.repository, inbox);
      return { group, now, record: known, inbox, outbox, facts: { writers } };
    },
    decide: decideGroup,
  };
  await advanceRecord(ports, group, looking);
}

function openFirstGroup(inbox: readonly InboxEntry[], now: number): GroupRecord | undefined {
  for (const { event, repository } of inbox)
    if (event.kind === 'group_formed' && repository) return openGroup(repository, event, now);
  return undefined;
}

/** Whoever asks for another look and may write here; nobody while GitHub cannot be asked. */
async function readWriters(
  ports: AdvanceGroupPorts,
  repository: Repository,
  inbox: readonly InboxEntry[],
): Promise<string[]> {
  const asking = inbox.flatMap(({ event }) =>
    event.kind === 'check_requested' && event.actor.kind === 'person' ? [event.actor.login] : [],
  );
  const read = async (login: string) => {
    const permission = await answerOr('unknown' as const, ports, patienceMs, () =>
      ports.github.readPermission(repository, login),
    );
    return isAtLeast(permission, 'write') ? [login] : [];
  };
  return (await Promise.all([...new Set(asking)].map(read))).flat();
}

/** What its commands wrote goes with it. Kept before anything is gone, as when an operator has something forgotten. */
async function forget({ store, deletions }: AdvanceGroupPorts, group: GroupId): Promise<boolean> {
  const loaded = await load(store, group);
  const { record, now, version, inbox, unreadable } = loaded ?? {};
  const from = record && forgottenFrom(record);
  if (!record || from === undefined || now === undefined || now < from) return false;
  if ((inbox?.length ?? 0) > 0 || (unreadable?.length ?? 0) > 0) return false;
  const { host, id: repositoryId, installationId } = record.repository;
  const artifacts = (record.verification?.report.commands ?? []).flatMap(({ log }) => log ?? []);
  const at = { askedAt: now, dueAt: now + lateWritersMs };
  if (artifacts.length > 0)
    await deletions.keep({
      id: `forget/${group}@${now}`,
      host,
      installationId,
      repositoryId,
      artifacts,
      phase: 'files',
      attempts: 0,
      ...at,
    });
  return await store.remove(group, version);
}

/** One that cannot be read is for the look itself. */
async function load(store: AdvanceGroupPorts['store'], group: GroupId): Promise<LoadedGroup | undefined> {
  try {
    return await store.loadGroup(group);
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}
