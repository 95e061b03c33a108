// A run that is over, on the real store and the real artifacts, through the real loop: it becomes one file and a summary.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDiskArtifacts } from '../../src/artifact/create-disk-artifacts.ts';
import type { Action } from '../../src/core/model/action.ts';
import { openRecord, type SubjectRecord } from '../../src/core/model/record.ts';
import { toRepositoryKey, toSubjectId } from '../../src/core/model/subject.ts';
import { redact } from '../../src/core/sanitise/redact.ts';
import { advance } from '../../src/engine/advance.ts';
import { parseArchive } from '../../src/engine/archive/archive.ts';
import { exportRun } from '../../src/engine/archive/export-run.ts';
import { replayArchive } from '../../src/engine/archive/replay-archive.ts';
import { runArchive } from '../../src/engine/archive/run-archive.ts';
import { carryOut } from '../../src/engine/carry-out.ts';
import type { ArtifactPort } from '../../src/engine/port/artifact.ts';
import type { CheckpointScope } from '../../src/engine/port/checkpoint.ts';
import type { GitHubReader } from '../../src/engine/port/github.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { createStore } from '../../src/store/create-store.ts';
import { reports } from '../core/run/outcome.ts';
import { landed, reading } from '../core/run/place.ts';
import { noHooks } from '../support/no-hooks.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { HandClock } from './hand-clock.ts';

const repository = { host: 'git.test:8080', id: 7, owner: 'acme', name: 'errors', installationId: 3 };
const subject = toSubjectId(repository.host, repository.id, 1);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const runLimits = { perRepository: undefined, perInstallation: undefined };
const dayMs = 24 * 3_600_000;
const secret = `ghp_${'a'.repeat(36)}`;

let redis: TestRedis;
let folder: string;
let opened = 0;
let time: { now: number };
let store: StorePort;
let artifacts: ArtifactPort;
/** Whose checkpoints were dropped. */
let dropped: CheckpointScope[];
/** Our own refs in the mirror of this host. */
let refs: string[];
let dispatched: { action: Action; dispatch: number }[];
beforeAll(async () => {
  redis = await startTestRedis();
  folder = await mkdtemp(join(tmpdir(), 'gp-archive-run-'));
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

const queue = {
  wake: async () => undefined,
  wakeAfresh: async () => undefined,
  dispatch: async (_record: string, action: Action, dispatch: number) => void dispatched.push({ action, dispatch }),
};
/** Nothing is asked of GitHub about a run that rests. */
const github = {} as GitHubReader;

beforeEach(async () => {
  opened += 1;
  dispatched = [];
  dropped = [];
  refs = ['refs/gatepilot/1/r1/integration', 'refs/gatepilot/1/r1/staging/x', 'refs/gatepilot/1/r12/integration'];
  const run = structuredClone(landed().run);
  time = { now: run.state.since + 2 * dayMs };
  store = createStore(redis.connect(), { prefix: `{archive-${opened}}`, clock: { now: () => time.now } });
  artifacts = createDiskArtifacts({ folder: join(folder, String(opened)), redact: (text) => redact(text).text });
  const [attempt] = run.tasks[0]?.attempts ?? [];
  if (!attempt) throw new Error('a run that landed has an attempt');
  attempt.transcript = await artifacts.putText(toRepositoryKey(repository), `what the agent said, and ${secret}`);
  const record: SubjectRecord = { ...openRecord(repository, 1, { isPullRequest: false, title: 'x' }), run };
  const log = [1, 2, 3].map((line) => ({ kind: 'x', text: `line ${line} ${secret}` }));
  await store.save(subject, 0, { record, handled: [], log, outbox: [], aliases: [] });
});

const resources = { read: async () => [] };
const ports = {
  clock: new HandClock(),
  hash,
  log: quiet,
  resources,
  runLimits,
  agents: ['pi'],
  models: [],
  sandboxes: [],
  network: { allow: [], deny: [] },
  proposesSettings: false,
};
const look = () => advance({ store, queue, github, ...ports }, subject);

async function carryOutNext(): Promise<void> {
  const next = dispatched.shift();
  if (next?.action.kind !== 'archive') throw new Error(`not to be archived: ${JSON.stringify(next)}`);
  const git = {
    listRefs: async (_repository: unknown, below: string) =>
      refs.filter((name) => name.startsWith(`${below}/`)).map((name) => ({ name, commit: 'c' })),
    updateRef: async (_repository: unknown, name: string) => {
      refs = refs.filter((other) => other !== name);
      return true;
    },
  };
  const checkpoints = {
    dropAll: async (scope: CheckpointScope) => {
      dropped.push(scope);
    },
  };
  const work = {
    store,
    artifacts,
    checkpoints,
    hash,
    git,
    github: { toGitUrl: () => 'url' },
    hooks: noHooks,
    log: quiet,
  };
  const ports = work as unknown as WorkPorts;
  const draining = new AbortController().signal;
  const host = { name: 'here', agents: 1, checks: 1 };
  const limits = { perRepository: undefined, perInstallation: undefined, host };
  const job = { subject, actionId: next.action.id, dispatch: next.dispatch, kind: 'archive' } as const;
  await carryOut({ store, queue, clock: new HandClock(), log: quiet, limits, draining }, job, (held) =>
    runArchive(ports, held),
  );
}

it('becomes one file that holds everything, and a summary; its log begins after it', async () => {
  const before = (await store.load(subject)).record?.run;
  await look();
  await carryOutNext();
  await look();
  const { record, outbox } = await store.load(subject);
  expect([record?.run, outbox]).toEqual([undefined, []]);
  expect(refs).toEqual(['refs/gatepilot/1/r12/integration']);
  expect(dropped).toEqual([{ repository: toRepositoryKey(repository), number: 1, run: before?.id }]);
  const [archived] = record?.archived ?? [];
  expect(archived).toMatchObject({ id: before?.id, state: 'merged', archivedAt: time.now });
  const { floor, events } = await store.readLogSlice(subject, 0, 100);
  expect([floor > 3, events.map(({ kind }) => kind)]).toEqual([true, expect.arrayContaining(['archived'])]);

  const file = (await exportRun({ store, artifacts }, { subject, isWithRestricted: false })) ?? '';
  const parsed = parseArchive(file);
  if (parsed.kind === 'refused') throw new Error(parsed.why);
  expect(parsed.archive.events.slice(0, 3).map(({ text }) => text)).toEqual(
    [1, 2, 3].map((line) => `line ${line} [redacted]`),
  );
  expect(parsed.archive.artifacts).toMatchObject([{ class: 'text', text: 'what the agent said, and [redacted]' }]);
  expect(file).not.toContain(secret);
  expect(replayArchive(file)).toMatchObject({ kind: 'replayed', run: before?.id, isSame: true });
});

it('of a run that only read holds the report that its comment points to, and what its agents were told and answered', async () => {
  const { record, version } = await store.load(subject);
  const run = structuredClone(reading().finish('attempt', reports()).run);
  const [task] = run.tasks;
  const attempt = task?.attempts.at(-1);
  if (!record || !attempt || task?.state.kind !== 'reported') throw new Error('it reported');
  const keep = (text: string) => artifacts.putText(toRepositoryKey(repository), text);
  task.state.report = await keep('the report');
  attempt.packet = await keep('the packet');
  const told = { prompt: await keep('the prompt'), output: await keep('the answer') };
  attempt.steps = [{ id: 'look', access: 'read', state: 'done', seconds: 1, ...told }];
  await store.save(subject, version, { record: { ...record, run }, handled: [], log: [], outbox: [], aliases: [] });
  const parsed = parseArchive((await exportRun({ store, artifacts }, { subject, isWithRestricted: false })) ?? '');
  if (parsed.kind === 'refused') throw new Error(parsed.why);
  const texts = parsed.archive.artifacts.map((artifact) => artifact.class === 'text' && artifact.text);
  expect(texts.toSorted()).toEqual(['the answer', 'the packet', 'the prompt', 'the report']);
});

it('stays as it is when something was decided on it while its file was written', async () => {
  await look();
  const { version, record } = await store.load(subject);
  if (!record?.run) throw new Error('it is there');
  await carryOutNext();
  const changed = { ...record, run: { ...record.run, request: 'something else' } };
  await store.save(subject, version, { record: changed, handled: [], log: [], outbox: [], aliases: [] });
  await look();
  const after = (await store.load(subject)).record;
  expect([after?.run?.request, after?.archived]).toEqual(['something else', undefined]);
  expect((await store.readLog(subject, 0)).at(-1)?.kind).toBe('not_archived');
});

it('keeps its refs when somebody goes on with it while its file is written', async () => {
  await look();
  const before = [...refs];
  const put = artifacts.put;
  artifacts = {
    ...artifacts,
    async put(...args) {
      const { version, record } = await store.load(subject);
      if (!record?.run) throw new Error('it is there');
      const changed = { ...record, run: { ...record.run, request: 'something else' } };
      await store.save(subject, version, { record: changed, handled: [], log: [], outbox: [], aliases: [] });
      return await put(...args);
    },
  };
  await carryOutNext();
  expect(refs).toEqual(before);
});

it('does not come back when its subject was removed while its file was written', async () => {
  await look();
  await store.remove(subject);
  await carryOutNext();
  await look();
  expect((await store.load(subject)).record).toBeUndefined();
  expect(await store.listRecords(repository.host, repository.id)).toEqual([]);
});
