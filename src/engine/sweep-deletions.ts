// Deletes what belongs to removed installations and repositories, step by step until nothing is left. Every step may
// run twice and may find that there is nothing to delete; what fails stays in the ledger with its reason.
import { type Event, toEventId } from '../core/model/event.ts';
import { parseRemoval } from '../core/model/removal.ts';
import { isLive } from '../core/model/run.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import { isLaneId, type RecordId, type Repository, toRepositoryKey, toSubjectId } from '../core/model/subject.ts';
import { toRepository } from '../core/run/move-repository.ts';
import { listReferences, readReferences } from './list-references.ts';
import { loadRecord } from './load-record.ts';
import type { ArtifactPort } from './port/artifact.ts';
import type { CheckpointPort } from './port/checkpoint.ts';
import type { ClockPort } from './port/clock.ts';
import type { Deletion, DeletionLedger, InstallationChange } from './port/deletion.ts';
import type { GitPort } from './port/git.ts';
import type { InstallationPort } from './port/installation.ts';
import type { LayerPort } from './port/layer.ts';
import type { LogPort } from './port/log.ts';
import type { ScheduleLedger } from './port/schedule.ts';
import type { LoadedSubject, StorePort } from './port/store.ts';
import { UnreadableRecord } from './port/unreadable-record.ts';

export interface DeletionPorts {
  readonly ledger: DeletionLedger;
  readonly store: StorePort;
  readonly artifacts: ArtifactPort;
  readonly checkpoints: Pick<CheckpointPort, 'dropAll'>;
  readonly git: GitPort;
  readonly layers: Pick<LayerPort, 'removeAll'>;
  readonly installations: InstallationPort;
  readonly schedules: Pick<ScheduleLedger, 'forget'>;
  readonly clock: ClockPort;
  readonly log: LogPort;
  readonly host: string;
}

type Home = Pick<Repository, 'installationId' | 'owner' | 'name'>;

const changesAtMost = 100;
const deletionsAtMost = 20;
/** More than one deletion takes; whoever died in it is replaced then. */
const deferMs = 10 * 60_000;
/** A transfer tells of the removal first, and whoever installs the App anew needs a moment. */
const graceMs = 60_000;
/** Longer than any lease: nobody who worked on a removed record writes files after that. */
const lateWritersMs = 60_000;
const doubtsAtMost = 3;
const doubtMs = 60_000;
const tellingsAtMost = 30;
const firstPauseMs = 5_000;
const longestPauseMs = 3_600_000;
/** Hosts that are away for longer find no cache of it worth keeping either: their sweep begins with the ledger. */
const rememberMs = 30 * 24 * 3_600_000;
const subjectsAtMost = 1_000_000;

export async function sweepDeletions(ports: DeletionPorts): Promise<void> {
  await collect(ports);
  for (const deletion of await ports.ledger.takeDue(deletionsAtMost, deferMs)) await attempt(ports, deletion);
}

async function collect({ ledger, host }: DeletionPorts): Promise<void> {
  const { cursor, changes } = await ledger.readChanges(changesAtMost);
  const last = changes.at(-1);
  if (last)
    await ledger.collect(
      cursor,
      last.id,
      changes.flatMap((change) => toDeletions(host, change)),
    );
}

function toDeletions(host: string, { id, installationId, at, change }: InstallationChange): Deletion[] {
  const removal = parseRemoval(change);
  if (!removal) return [];
  const asked = { host, installationId, phase: 'records' as const, attempts: 0, askedAt: at, dueAt: at + graceMs };
  const listed = removal.repositoryIds.map((repositoryId) => {
    return { ...asked, id: toDeletionId(toRepositoryKey({ host, id: repositoryId }), id), repositoryId };
  });
  return removal.isWhole ? [...listed, { ...asked, id: toDeletionId(`installation/${installationId}`, id) }] : listed;
}

/** A repository that is removed again later is another deletion. */
function toDeletionId(what: string, changeId: string): string {
  return `${what}@${changeId}`;
}

async function attempt(ports: DeletionPorts, deletion: Deletion): Promise<void> {
  const { ledger, clock, log } = ports;
  try {
    await carryOn(ports, deletion);
  } catch (error) {
    const attempts = deletion.attempts + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 12));
    log.warn({ deletion: deletion.id, attempts, error: String(error) }, 'a deletion failed and is tried again');
    await ledger.keep({ ...deletion, attempts, error: String(error).slice(0, 500), dueAt: clock.now() + pauseMs });
  }
}

async function carryOn(ports: DeletionPorts, deletion: Deletion): Promise<void> {
  const { ledger, clock, log } = ports;
  switch (deletion.phase) {
    case 'records': {
      if (deletion.repositoryId === undefined) await findRepositories(ports, deletion);
      else if (await isGivenBack(ports, deletion)) return await doubt(ports, deletion);
      else {
        const home = await ports.installations.findHome(deletion.repositoryId);
        if (home) return await handOver(ports, deletion, home);
        await removeRecords(ports, deletion);
      }
      const isOver = deletion.repositoryId === undefined;
      const dueAt = clock.now() + (isOver ? rememberMs : lateWritersMs);
      return await ledger.keep({ ...deletion, phase: isOver ? 'done' : 'files', dueAt });
    }
    case 'files':
      if (deletion.artifacts) {
        if (!(await removeArtifacts(ports, deletion, deletion.artifacts)) || !(await dropCheckpoints(ports, deletion)))
          return await ledger.keep({ ...deletion, dueAt: clock.now() + lateWritersMs });
      } else if (await isThere(ports, deletion)) return await lookAnew(ports, deletion);
      else await removeFiles(ports, deletion);
      log.info({ deletion: deletion.id }, 'everything that was to be deleted is deleted');
      return await ledger.keep({ ...deletion, phase: 'done', dueAt: clock.now() + rememberMs });
    case 'done':
      return await ledger.forget(deletion.id);
  }
}

/** Webhooks come late and out of order: what is removed by one may have been given back by another since. */
async function isGivenBack({ installations }: DeletionPorts, deletion: Deletion): Promise<boolean> {
  return await installations.covers(deletion.installationId, deletion.repositoryId ?? 0);
}

/** GitHub's own answer may lag behind its webhook, so it is asked a few times before nothing is deleted. */
async function doubt({ ledger, clock, log }: DeletionPorts, deletion: Deletion): Promise<void> {
  const attempts = deletion.attempts + 1;
  if (attempts < doubtsAtMost) {
    const error = 'the installation still covers the repository';
    return await ledger.keep({ ...deletion, attempts, error, dueAt: clock.now() + doubtMs });
  }
  log.info({ deletion: deletion.id }, 'a removed repository was given back; nothing of it is deleted');
  await ledger.forget(deletion.id);
}

/** Transferred, or installed anew: its records live on, and are told where. */
async function handOver({ ledger, store, clock, log }: DeletionPorts, deletion: Deletion, home: Home): Promise<void> {
  const { id: removalId, host, repositoryId = 0, installationId } = deletion;
  let isTold = true;
  for (const id of await store.listRecords(host, repositoryId)) {
    const { record, inbox } = await loadRecord(store, id).catch(unlessUnreadable);
    const left = listRepositories(record, inbox).find((repository) => repository.installationId === installationId);
    if (!left) continue;
    isTold = false;
    const event: Event = {
      kind: 'repository_moved',
      removalId,
      from: installationId,
      repository: { ...left, ...home },
    };
    await store.append(id, toEventId(event), event);
  }
  // Until they all have heard it: of what was told to nobody nothing would be known any more.
  if (!isTold && deletion.attempts < tellingsAtMost)
    return await ledger.keep({ ...deletion, attempts: deletion.attempts + 1, dueAt: clock.now() + doubtMs });
  log.info({ deletion: removalId, ...home }, 'a removed repository is under another installation; nothing is deleted');
  await ledger.forget(removalId);
}

/** GitHub does not always list what a removed installation could reach: our own records say it. */
async function findRepositories({ store, ledger }: DeletionPorts, deletion: Deletion): Promise<void> {
  const found = new Set<number>();
  for (const subject of await store.listSubjects(subjectsAtMost)) {
    const { record } = await store.load(subject).catch(unlessUnreadable);
    if (record?.repository.host !== deletion.host) continue;
    if (record.repository.installationId === deletion.installationId) found.add(record.repository.id);
  }
  const changeId = deletion.id.slice(deletion.id.lastIndexOf('@') + 1);
  const known = new Set((await ledger.list(Number.POSITIVE_INFINITY)).map(({ id }) => id));
  for (const repositoryId of found) {
    const id = toDeletionId(toRepositoryKey({ host: deletion.host, id: repositoryId }), changeId);
    if (!known.has(id)) await ledger.keep({ ...deletion, id, repositoryId });
  }
}

async function removeRecords(ports: DeletionPorts, deletion: Deletion): Promise<void> {
  const nobodys: RecordId[] = [];
  let isBack = false;
  for (const id of await ports.store.listRecords(deletion.host, deletion.repositoryId ?? 0)) {
    const belonging = await findBelonging(ports, id, deletion);
    if (belonging === 'deletion') await ports.store.remove(id);
    else if (belonging === 'nobody') nobodys.push(id);
    else isBack = true;
  }
  // They may be threads of what stays, and their removal would part them from it.
  if (!isBack) for (const id of nobodys) await ports.store.remove(id);
}

/** What a newer installation has begun since, or the same one that was given the repository back, is another life. */
async function findBelonging(
  { store }: DeletionPorts,
  id: RecordId,
  { installationId, askedAt }: Deletion,
): Promise<'deletion' | 'another life' | 'nobody'> {
  const { record, inbox } = await loadRecord(store, id).catch(unlessUnreadable);
  const repositories = listRepositories(record, inbox);
  if (repositories.some((repository) => repository.installationId !== installationId)) return 'another life';
  const { events, floor } = await store.readLogSlice(id, 0, 1);
  const [first] = events;
  if (first && first.at > askedAt && (floor === 1 || first.kind === 'deleted')) return 'another life';
  return repositories.length > 0 ? 'deletion' : 'nobody';
}

function listRepositories(
  record: { readonly repository: Repository } | undefined,
  inbox: readonly InboxEntry[],
): Repository[] {
  return [...(record ? [record.repository] : []), ...inbox.flatMap((entry) => toRepository(entry) ?? [])];
}

/** A record that cannot be read says nothing of its installation; where its repository goes, it goes too. */
function unlessUnreadable(error: unknown): Pick<LoadedSubject, 'record' | 'inbox'> {
  if (error instanceof UnreadableRecord) return { record: undefined, inbox: [] };
  throw error;
}

/** Files are named by their content, so that a new life may have made those of the old one. */
async function isThere({ store }: DeletionPorts, { host, repositoryId = 0 }: Deletion): Promise<boolean> {
  return (await store.listRecords(host, repositoryId)).length > 0;
}

/** The repository is back, or a late delivery has opened a record that is nobody's: that goes as well. */
async function lookAnew(ports: DeletionPorts, deletion: Deletion): Promise<void> {
  const { ledger, clock, installations, log } = ports;
  const isBack = (await isGivenBack(ports, deletion)) || (await installations.findHome(deletion.repositoryId ?? 0));
  if (!isBack)
    return await ledger.keep({
      ...deletion,
      phase: 'records',
      askedAt: clock.now(),
      dueAt: clock.now() + lateWritersMs,
    });
  log.info({ deletion: deletion.id }, 'a removed repository is back; its files stay');
  await ledger.forget(deletion.id);
}

async function removeFiles(ports: DeletionPorts, { host, repositoryId = 0 }: Deletion): Promise<void> {
  const key = toRepositoryKey({ host, id: repositoryId });
  await ports.schedules.forget(key);
  await ports.artifacts.removeAll(key);
  await ports.git.removeMirror(key);
  await ports.layers.removeAll(key);
}

/**
 * What nothing that is kept speaks of: artifacts are named by their content, so that others may have made the same one.
 * False while somebody of the repository works, who may just have made one and not told of it yet.
 */
async function removeArtifacts(
  ports: DeletionPorts,
  { host, repositoryId = 0, archives = [] }: Deletion,
  ids: readonly string[],
): Promise<boolean> {
  const kept = new Set<string>();
  for (const id of await ports.store.listRecords(host, repositoryId)) {
    if (isLaneId(id)) continue;
    const loaded = await loadRecord(ports.store, id);
    if (loaded.isNewer || loaded.outbox.some(({ state }) => state.kind === 'begun')) return false;
    for (const reference of await listReferences(ports.artifacts, loaded)) kept.add(reference);
  }
  const key = toRepositoryKey({ host, id: repositoryId });
  const listed = await readReferences(ports.artifacts, key, archives);
  // The archives last: whoever goes on after a crash finds in them what is left.
  const others = [...listed, ...ids].filter((id) => !archives.includes(id));
  for (const id of [...others, ...archives]) if (!kept.has(id)) await ports.artifacts.remove(key, id);
  return true;
}

/** False while a new run of the same subject works: nobody can go on from what an older one left, but from its own. */
async function dropCheckpoints(ports: DeletionPorts, { host, repositoryId = 0, number }: Deletion): Promise<boolean> {
  if (number === undefined) return true;
  const { record, isNewer } = await ports.store.load(toSubjectId(host, repositoryId, number));
  if (isNewer || (record?.run && isLive(record.run))) return false;
  await ports.checkpoints.dropAll({ repository: toRepositoryKey({ host, id: repositoryId }), number });
  return true;
}

/** Mirrors and layers are caches of each host, so each host drops its own: `seen` is what this process has dropped already. */
export async function dropCaches(ports: DeletionPorts, seen: Set<string>): Promise<void> {
  for (const { id, host, repositoryId, artifacts, phase } of await ports.ledger.list(Number.POSITIVE_INFINITY)) {
    if (repositoryId === undefined || artifacts || phase !== 'done' || seen.has(id)) continue;
    if ((await ports.store.listRecords(host, repositoryId)).length === 0) {
      const key = toRepositoryKey({ host, id: repositoryId });
      await ports.git.removeMirror(key);
      await ports.layers.removeAll(key);
    }
    seen.add(id);
  }
}
