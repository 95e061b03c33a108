// What belongs to a removed installation or repository is deleted whole, however often a step fails, and nothing else.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDiskArtifacts } from '../../src/artifact/create-disk-artifacts.ts';
import { openRecord } from '../../src/core/model/record.ts';
import { parseRemoval } from '../../src/core/model/removal.ts';
import { type RecordId, type Repository, toSubjectId } from '../../src/core/model/subject.ts';
import type { DeletionLedger } from '../../src/engine/port/deletion.ts';
import type { ScheduleLedger } from '../../src/engine/port/schedule.ts';
import type { LoadedSubject, StorePort } from '../../src/engine/port/store.ts';
import { removeTree } from '../../src/engine/remove-tree.ts';
import { type DeletionPorts, dropCaches, sweepDeletions } from '../../src/engine/sweep-deletions.ts';
import { createGit } from '../../src/git/create-git.ts';
import { mirrorPath } from '../../src/git/mirror-path.ts';
import { createLayers } from '../../src/layer/create-layers.ts';
import { systemClock } from '../../src/process/system-clock.ts';
import { createDeletionLedger } from '../../src/store/create-deletion-ledger.ts';
import { createScheduleLedger } from '../../src/store/create-schedule-ledger.ts';
import { createStore } from '../../src/store/create-store.ts';
import { runProcess } from '../../src/subprocess/run-process.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

type Home = Awaited<ReturnType<DeletionPorts['installations']['findHome']>>;

const host = 'git.test:8080';
const mona = { id: 1, login: 'mona', kind: 'person' } as const;
let redis: TestRedis;
let folder: string;
let prefix = 0;
beforeAll(async () => {
  redis = await startTestRedis();
  folder = await mkdtemp(join(tmpdir(), 'gp-deletion-'));
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

function repositoryOf(id: number, installationId = 3): Repository {
  return { host, id, owner: 'acme', name: `repository-${id}`, installationId };
}

/** Records in memory: what there is, and what was removed, in order. */
function createRecords() {
  const records = new Map<RecordId, Repository>();
  const removed: RecordId[] = [];
  const load = async (subject: RecordId): Promise<LoadedSubject> => {
    const repository = records.get(subject);
    const record = repository && openRecord(repository, 1, { isPullRequest: false, title: 'x' });
    return { now: 0, version: 1, record, isNewer: false, inbox: [], unreadable: [], outbox: [] };
  };
  const store = {
    load,
    readLogSlice: async () => ({ floor: 1, events: [] }),
    listSubjects: async () => [...records.keys()],
    listRecords: async (_host: string, id: number) =>
      [...records.keys()].filter((each) => each.startsWith(`${host}/${id}/`)),
    remove: async (record: RecordId) => {
      removed.push(record);
      records.delete(record);
    },
  } as unknown as StorePort;
  return {
    store,
    removed,
    add: (repository: Repository, number: number) =>
      void records.set(toSubjectId(host, repository.id, number), repository),
  };
}

let ports: DeletionPorts;
let ledger: DeletionLedger;
let schedules: ScheduleLedger;
let records: ReturnType<typeof createRecords>;
let skipMs: number;
/** Repositories that GitHub still says are the installation's own. */
let covered: Set<number>;
/** Where GitHub says that repositories are now, which are no more where they were. */
let homes: Map<number, Home>;
let deliver: (installationId: number, change: unknown) => Promise<unknown>;
let realStore: StorePort;

beforeEach(() => {
  prefix += 1;
  skipMs = 0;
  covered = new Set();
  homes = new Map();
  const client = redis.connect();
  const names = { prefix: `{test-${prefix}}` };
  ledger = createDeletionLedger(client, names);
  schedules = createScheduleLedger(client, names);
  records = createRecords();
  const place = join(folder, String(prefix));
  realStore = createStore(client, names);
  deliver = (installationId, change) =>
    realStore.intakeInstallation({
      deliveryId: JSON.stringify(change),
      hookId: 'hook',
      bodyHash: 'x',
      installationId,
      change,
    });
  ports = {
    ledger,
    store: records.store,
    artifacts: createDiskArtifacts({ folder: join(place, 'artifacts'), redact: (text) => text }),
    checkpoints: { dropAll: async () => undefined },
    installations: {
      covers: async (_installation, repository) => covered.has(repository),
      findHome: async (repository) => homes.get(repository),
    },
    layers: createLayers({
      ...{ folder: join(place, 'layers'), bytesAtMost: 1_000_000_000 },
      ...{ clock: systemClock, log: quiet, runProcess, removeTree },
    }),
    schedules,
    git: createGit({ folder: join(place, 'git'), gitPath: 'git', logger: quiet }),
    clock: { now: () => Date.now() + skipMs, sleep: async () => undefined },
    log: quiet,
    host,
  };
});

/** Dependencies of a repository on this host. */
async function keepLayer(id: number): Promise<string> {
  const layer = join(folder, String(prefix), 'layers', encodeURIComponent(`${host}/${id}`), 'k1');
  await mkdir(join(layer, 'tree'), { recursive: true });
  return layer;
}

async function begin(number: number): Promise<void> {
  const record = openRecord(repositoryOf(7), number, { isPullRequest: false, title: 'x' });
  const log = [{ kind: 'x', text: 'it begins' }];
  const { version } = await realStore.load(toSubjectId(host, 7, number));
  await realStore.save(toSubjectId(host, 7, number), version, { record, handled: [], log, outbox: [], aliases: [] });
}

/** Moments are told apart by the millisecond. */
async function untilNextMoment(): Promise<void> {
  const from = Date.now();
  await until(async () => (Date.now() > from + 1 ? true : undefined));
}

/** As if time went by: everything in the ledger is due. */
async function passTime(): Promise<void> {
  await sweepDeletions({ ...ports, ledger: { ...ports.ledger, takeDue: async () => [] } });
  for (const deletion of await ledger.list(1000))
    if (deletion.phase !== 'done') await ledger.keep({ ...deletion, dueAt: 0 });
}

async function sweep(): Promise<void> {
  await passTime();
  await sweepDeletions(ports);
}

const phases = async () => (await ledger.list(1000)).map(({ repositoryId, phase }) => [repositoryId, phase]);

describe('a removed repository', () => {
  const removed = { action: 'removed', repositories_removed: [{ id: 7, full_name: 'acme/errors' }] };

  it('loses its records, then its artifacts, its mirror and its dependencies, and no other does', async () => {
    for (const id of [7, 8]) {
      records.add(repositoryOf(id), 1);
      await schedules.keep(`${host}/${id}`, ['nightly'], 1000);
      await ports.artifacts.put(`${host}/${id}`, Buffer.from('a bundle'));
      await mkdir(mirrorPath(join(folder, String(prefix), 'git'), { key: `${host}/${id}` }).path, { recursive: true });
      await keepLayer(id);
    }
    await deliver(3, removed);
    await sweep();
    expect([records.removed, await phases()]).toEqual([[`${host}/7/1`], [[7, 'files']]]);
    await sweep();
    expect(await phases()).toEqual([[7, 'done']]);
    expect(await readdir(join(folder, String(prefix), 'artifacts'))).toEqual([`r-${encodeURIComponent(`${host}/8`)}`]);
    const mirrors = await readdir(join(folder, String(prefix), 'git/mirror'));
    expect(mirrors).toEqual([expect.stringContaining('git-test-8080-8-')]);
    expect(await readdir(join(folder, String(prefix), 'layers'))).toEqual([encodeURIComponent(`${host}/8`)]);
    // As one that was never seen: it owes nothing for the time before.
    expect(await schedules.keep(`${host}/7`, ['nightly'], 2000)).toEqual(new Map([['nightly', 2000]]));
    expect(await schedules.keep(`${host}/8`, ['nightly'], 2000)).toEqual(new Map([['nightly', 1000]]));
  });

  it('leaves its files alone until nobody can write any more', async () => {
    await deliver(3, removed);
    await sweep();
    const [deletion] = await ledger.list(1);
    expect((deletion?.dueAt ?? 0) - Date.now()).toBeGreaterThan(30_000);
    await sweepDeletions(ports);
    expect(await phases()).toEqual([[7, 'files']]);
  });

  it('is tried again until it is gone, with the reason why it is not', async () => {
    records.add(repositoryOf(7), 1);
    await deliver(3, removed);
    const { removeAll } = ports.artifacts;
    let failures = 0;
    const artifacts = {
      ...ports.artifacts,
      removeAll: async (key: string) => {
        failures += 1;
        if (failures <= 2) throw new Error('the disk is busy');
        await removeAll(key);
      },
    };
    ports = { ...ports, artifacts };
    await sweep();
    await sweep();
    await sweep();
    expect(await ledger.list(1)).toMatchObject([{ phase: 'files', attempts: 2, error: 'Error: the disk is busy' }]);
    await sweep();
    expect(await ledger.list(1)).toMatchObject([{ phase: 'done', attempts: 2 }]);
  });

  it('is not forgotten while nobody looks, however much happens to installations', async () => {
    records.add(repositoryOf(7), 1);
    await deliver(3, removed);
    const others = Array.from({ length: 1_500 }, (_, other) => deliver(4, { action: 'suspend', other }));
    await Promise.all(others);
    await sweep();
    expect(records.removed).toEqual([`${host}/7/1`]);
    for (let looks = 0; looks < 16; looks += 1) await sweepDeletions(ports);
    expect(await redis.connect().xlen(`{test-${prefix}}:installation:log`)).toBeLessThan(200);
  });

  it('of which nothing is known is done at once', async () => {
    await deliver(3, removed);
    await sweep();
    await sweep();
    expect([records.removed, await phases()]).toEqual([[], [[7, 'done']]]);
  });

  it('is deleted once, however many look', async () => {
    records.add(repositoryOf(7), 1);
    await deliver(3, removed);
    await passTime();
    await Promise.all(Array.from({ length: 5 }, () => sweepDeletions(ports)));
    expect([records.removed, await phases()]).toEqual([[`${host}/7/1`], [[7, 'files']]]);
    // It comes back: what was asked for before is over.
    covered.add(7);
    records.add(repositoryOf(7), 2);
    await sweep();
    await sweep();
    expect(records.removed).toEqual([`${host}/7/1`]);
  });

  it('that came back keeps the files of its new life', async () => {
    await deliver(3, removed);
    await sweep();
    covered.add(7);
    records.add(repositoryOf(7), 2);
    const id = await ports.artifacts.put(`${host}/7`, Buffer.from('new'));
    await sweep();
    expect(await ports.artifacts.read(`${host}/7`, id)).toBeDefined();
  });

  it('loses what a late delivery has opened since, too', async () => {
    records.add(repositoryOf(7), 1);
    await deliver(3, removed);
    await sweep();
    records.add(repositoryOf(7), 2);
    const id = await ports.artifacts.put(`${host}/7`, Buffer.from('of nobody'));
    await sweep();
    expect([records.removed, await phases()]).toEqual([[`${host}/7/1`], [[7, 'records']]]);
    await sweep();
    await sweep();
    expect([records.removed, await phases()]).toEqual([[`${host}/7/1`, `${host}/7/2`], [[7, 'done']]]);
    expect(await ports.artifacts.read(`${host}/7`, id)).toBeUndefined();
  });

  it('that is given back keeps what begins then, however late the deletion is or how often it is made', async () => {
    ports = { ...ports, store: realStore };
    await begin(1);
    await untilNextMoment();
    await deliver(3, removed);
    await untilNextMoment();
    await begin(2);
    await sweep();
    expect(await realStore.listRecords(host, 7)).toEqual([`${host}/7/2`]);
    await begin(1);
    // Whoever made the deletion died before it said so.
    const [deletion] = await ledger.list(1);
    if (deletion) await ledger.keep({ ...deletion, phase: 'records' });
    await sweep();
    expect(await realStore.listRecords(host, 7)).toEqual([`${host}/7/1`, `${host}/7/2`]);
  });

  it('loses a record that nobody can read, and so does a whole installation', async () => {
    ports = { ...ports, store: realStore };
    for (const change of [removed, { action: 'deleted', repositories: removed.repositories_removed }]) {
      await begin(1);
      await redis.connect().hset(`{test-${prefix}}:subject:${host}/7/1:record`, 'value', '{"schema":1}');
      await untilNextMoment();
      await deliver(3, change);
      await sweep();
      expect(await realStore.listRecords(host, 7)).toEqual([]);
      expect((await ledger.list(9)).filter(({ attempts }) => attempts > 0)).toEqual([]);
    }
  });

  it('takes its mirror and its dependencies along on every host', async () => {
    await deliver(3, removed);
    await sweep();
    await sweep();
    const { path } = mirrorPath(join(folder, String(prefix), 'git'), { key: `${host}/7` });
    await mkdir(path, { recursive: true });
    const layer = await keepLayer(7);
    const other = await keepLayer(8);
    const seen = new Set<string>();
    await dropCaches(ports, seen);
    expect([existsSync(path), existsSync(layer), existsSync(other), seen.size]).toEqual([false, false, true, 1]);
  });

  it('that is back keeps what every host has made for it since', async () => {
    await deliver(3, removed);
    await sweep();
    await sweep();
    records.add(repositoryOf(7), 2);
    const layer = await keepLayer(7);
    await dropCaches(ports, new Set());
    expect(existsSync(layer)).toBe(true);
  });

  it('that was given back before the word of its removal came is left alone', async () => {
    records.add(repositoryOf(7), 1);
    covered.add(7);
    await deliver(3, removed);
    for (let look = 0; look < 3; look += 1) await sweep();
    expect([records.removed, await phases()]).toEqual([[], []]);
  });

  it('whose removal GitHub itself says a little late is deleted all the same', async () => {
    records.add(repositoryOf(7), 1);
    covered.add(7);
    await deliver(3, removed);
    await sweep();
    expect(records.removed).toEqual([]);
    covered.delete(7);
    await sweep();
    expect(records.removed).toEqual([`${host}/7/1`]);
  });
});

describe('a repository that moved', () => {
  const removed = { action: 'removed', repositories_removed: [{ id: 7, full_name: 'acme/errors' }] };

  it('keeps its records, which are told where they are now, once', async () => {
    ports = { ...ports, store: realStore };
    await begin(1);
    homes.set(7, { installationId: 9, owner: 'umbrella', name: 'mistakes' });
    await deliver(3, removed);
    await sweep();
    const { record, inbox } = await realStore.load(toSubjectId(host, 7, 1));
    expect(record?.repository).toMatchObject({ installationId: 3, owner: 'acme' });
    const moved = { ...record?.repository, installationId: 9, owner: 'umbrella', name: 'mistakes' };
    const told = { kind: 'repository_moved', from: 3, repository: moved };
    expect(inbox.map(({ event }) => event)).toMatchObject([told]);
    // Whoever died in it, or a worker that does not decide on it at once: it is told until it was heard, and never twice.
    await sweep();
    expect(await phases()).toEqual([[7, 'records']]);
    const { record: kept, inbox: unheard, version } = await realStore.load(toSubjectId(host, 7, 1));
    expect(unheard.map(({ event }) => event)).toMatchObject([told]);
    await realStore.save(toSubjectId(host, 7, 1), version, {
      record: { ...kept, repository: moved },
      handled: unheard.map(({ entryId, eventId }) => ({ entryId, eventId })),
      log: [],
      outbox: [],
      aliases: [],
    });
    await sweep();
    expect(await phases()).toEqual([]);
    expect((await realStore.load(toSubjectId(host, 7, 1))).record?.repository).toMatchObject(moved);
  });

  it('is not deleted before its new owner can be asked', async () => {
    records.add(repositoryOf(7), 1);
    await deliver(3, removed);
    await sweepDeletions(ports);
    expect(records.removed).toEqual([]);
  });
});

describe('a removed installation', () => {
  it('takes along every repository that it was used for, listed or not', async () => {
    records.add(repositoryOf(7), 1);
    records.add(repositoryOf(8), 1);
    records.add(repositoryOf(9, 4), 1);
    await deliver(3, { action: 'deleted', repositories: [{ id: 7, full_name: 'acme/errors' }] });
    await sweep();
    await sweep();
    expect(records.removed).toEqual([`${host}/7/1`, `${host}/8/1`]);
  });

  it('takes along as many repositories as there are', async () => {
    const many = 50_000;
    const repositories = Array.from({ length: many }, (_, index) => ({ id: index + 1 }));
    await deliver(3, { action: 'deleted', repositories });
    await sweepDeletions(ports);
    expect(await ledger.list(Number.POSITIVE_INFINITY)).toHaveLength(many + 1);
    for (const deletion of await ledger.list(12)) await ledger.keep({ ...deletion, dueAt: 0 });
    const pages = [await ledger.takeDue(7, 1_000), await ledger.takeDue(5, 1_000)];
    expect(pages.map(({ length }) => length)).toEqual([7, 5]);
  });

  it('leaves alone what a newer installation has begun', async () => {
    records.add(repositoryOf(7, 4), 1);
    await deliver(3, { action: 'deleted', repositories: [{ id: 7, full_name: 'acme/errors' }] });
    await sweep();
    expect(records.removed).toEqual([]);
  });

  it('leaves the threads alone that belong to what a newer one has begun', async () => {
    ports = { ...ports, store: realStore };
    const [issue, pull] = [toSubjectId(host, 7, 1), toSubjectId(host, 7, 12)];
    const repository = repositoryOf(7, 4);
    const closePull = (deliveryId: string) =>
      realStore.intake({
        deliveryId,
        hookId: 'hook',
        bodyHash: 'x',
        subject: pull,
        repository,
        events: [{ id: deliveryId, event: { kind: 'issue_closed', deliveryId, actor: mona } }],
        isOnlyForKnown: false,
      });
    await closePull('d1');
    const record = openRecord(repository, 1, { isPullRequest: false, title: 'x' });
    await realStore.save(issue, 0, { record, handled: [], log: [], outbox: [], aliases: [12] });
    await deliver(3, { action: 'deleted', repositories: [{ id: 7, full_name: 'acme/errors' }] });
    await sweep();
    expect(await closePull('d2')).toEqual({ kind: 'kept', subject: issue });
  });

  it.each(['suspend', 'unsuspend', 'created', 'new_permissions_accepted', 'added'])(
    'is not one that is "%s"',
    (action) => {
      expect(parseRemoval({ action, repositories: [{ id: 7 }], repositories_removed: [] })).toBeUndefined();
    },
  );
});
