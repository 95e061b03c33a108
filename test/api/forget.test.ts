// What is kept of a subject goes because an operator asks: their hook has its say, nothing that works is touched, and who
// asked is on record.
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createDiskArtifacts } from '../../src/artifact/create-disk-artifacts.ts';
import { shelfOf } from '../../src/artifact/shelf-of.ts';
import { createCheckpoints } from '../../src/checkpoint/create-checkpoints.ts';
import type { Run } from '../../src/core/model/run.ts';
import { nothingSpent } from '../../src/core/model/spend.ts';
import { toRepositoryKey } from '../../src/core/model/subject.ts';
import { forgetSubject } from '../../src/engine/forget-subject.ts';
import type { ArtifactPort } from '../../src/engine/port/artifact.ts';
import type { CheckpointPort } from '../../src/engine/port/checkpoint.ts';
import type { ForgetRequest } from '../../src/engine/port/forgetting.ts';
import { sweepDeletions } from '../../src/engine/sweep-deletions.ts';
import { openHooks } from '../../src/process/open-hooks.ts';
import { comment } from '../contract/side.ts';
import { openRun } from '../core/gate/gate-record.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type AdminStage, realClock, repository, startAdminStage } from './admin-stage.ts';

let redis: TestRedis;
let stage: AdminStage;
let folder: string;
let artifacts: ReturnType<typeof createDiskArtifacts>;
/** The operator's program; undefined where there is none. */
let hook: string | undefined;
let checkpoints: CheckpointPort;
let beforeRemoval: () => Promise<unknown>;
/** How the worker that sweeps removes an artifact. */
let removeArtifact: ArtifactPort['remove'];
let number = 100;

const key = toRepositoryKey(repository);
const hour = 3_600_000;

beforeAll(async () => {
  redis = await startTestRedis();
  folder = await mkdtemp(join(tmpdir(), 'gp-forget-'));
  checkpoints = createCheckpoints({ folder: join(folder, 'artifacts') });
  artifacts = createDiskArtifacts({ folder: join(folder, 'artifacts'), redact: (text) => text });
  stage = await startAdminStage(redis, { forget });
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
  await rm(folder, { recursive: true });
});

async function forget(request: ForgetRequest) {
  const { store, deletions, audit } = stage;
  const remove: typeof store.remove = async (...args) => {
    await beforeRemoval();
    return await store.remove(...args);
  };
  const hooks = await openHooks({ folder: hook && dirname(hook), environment: { PATH: '/usr/bin:/bin' } });
  return forgetSubject({ store: { ...store, remove }, deletions, audit, clock: realClock, hooks }, request);
}

async function writeHook(script: string, interpreter = '#!/bin/sh'): Promise<void> {
  hook = join(folder, `hooks-${number}`, 'before-forget');
  await mkdir(dirname(hook), { recursive: true });
  await writeFile(hook, `${interpreter}\n${script}\n`);
  await chmod(hook, 0o700);
}

/** A run that rests without a pull request and speaks of these artifacts. */
async function arrange(state: Run['state'] = { kind: 'failed', since: 1, cause: { kind: 'repository_empty' } }) {
  number += 1;
  hook = undefined;
  beforeRemoval = async () => undefined;
  removeArtifact = artifacts.remove;
  const own = await artifacts.putText(key, `only of ${number}`);
  const shared = await artifacts.putText(key, 'of several');
  const { pullRequest: _, ...run } = openRun();
  const [task] = run.tasks;
  if (!task?.attempts[0]) throw new Error('a run has an attempt');
  task.attempts[0].transcript = own;
  task.attempts[0].patch = shared;
  await stage.write(number, ['it began'], { run: { ...run, state } });
  return { own, shared, at: number };
}

async function ask(at: number, body: object = { as: 'mona', reason: 'the contract ended' }) {
  const response = await fetch(`${stage.url}${stage.pathOf(at)}/forget`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = z
    .object({ error: z.unknown() })
    .loose()
    .parse({ error: undefined, ...Object(await response.json()) });
  return { status: response.status, body: answer };
}

/** As if time went by. */
async function sweep(): Promise<void> {
  for (const deletion of await stage.deletions.list(1000))
    if (deletion.phase !== 'done') await stage.deletions.keep({ ...deletion, dueAt: 0 });
  const installations = { covers: async () => true, findHome: async () => undefined };
  const git = { removeMirror: async () => undefined } as unknown as Parameters<typeof sweepDeletions>[0]['git'];
  const { store, deletions: ledger } = stage;
  await sweepDeletions({
    ledger,
    store,
    artifacts: { ...artifacts, remove: (...args) => removeArtifact(...args) },
    checkpoints,
    git,
    layers: { removeAll: async () => undefined },
    installations,
    schedules: { forget: async () => undefined },
    clock: realClock,
    log: quiet,
    host: repository.host,
  });
}

const rowsOf = async (at: number) =>
  (await stage.audit.list(100))
    .filter(({ subject }) => subject === stage.subject(at))
    .map(({ actor, outcome, why }) => [actor, outcome, why])
    .toReversed();
const read = async (id: string) => (await artifacts.read(key, id))?.toString();
const isKept = async (at: number) => (await stage.store.load(stage.subject(at))).record !== undefined;

it('deletes the record at once and its artifacts a minute later, and says who asked and why', async () => {
  const { own, at } = await arrange();
  // What a dead worker left of it, and of its neighbour.
  const [left, others] = [at, Number(`${at}0`)].map((number) =>
    join(shelfOf(join(folder, 'artifacts'), key), `checkpoints/c-${number}/c-r1/c-one`),
  );
  for (const place of [left, others]) await mkdir(place ?? '', { recursive: true });
  expect(await ask(at)).toEqual({ status: 200, body: { subject: stage.subject(at), state: 'forgotten' } });
  expect(await isKept(at)).toBe(false);
  expect(await read(own)).toBeDefined();
  const [deletion] = await stage.deletions.list(1);
  expect((deletion?.dueAt ?? 0) - Date.now()).toBeGreaterThan(30_000);
  await sweep();
  expect(await read(own)).toBeUndefined();
  expect([left, others].map((place) => existsSync(place ?? ''))).toEqual([false, true]);
  const rows = [
    ['mona', 'asked', 'the contract ended'],
    ['mona', 'forgotten', 'the contract ended'],
  ];
  expect(await rowsOf(at)).toEqual(rows);
  const listed = await (await fetch(`${stage.url}/api/audit?limit=2`)).json();
  expect(listed).toMatchObject({
    audit: [{ outcome: 'forgotten', actor: 'mona', deed: 'forget' }, { outcome: 'asked' }],
  });
  expect((await ask(at)).status).toBe(404);
});

/** A run that was archived: its file speaks of artifacts that the record does not name any more. */
async function archive(at: number, number: string) {
  const own = await artifacts.putText(key, `only of ${number} of ${at}`);
  const shared = await artifacts.putText(key, 'of several');
  const file = await artifacts.putText(key, JSON.stringify({ at, number, log: own, patch: shared }));
  const { version, record } = await stage.store.load(stage.subject(at));
  if (!record) throw new Error('it was written');
  const run = { id: number, startedAt: 1, startedBy: 'mona', endedAt: 2, archivedAt: 3, state: 'merged', headline: '' };
  const archived = [...(record.archived ?? []), { ...run, tasks: [], spend: nothingSpent, artifact: file }];
  const save = { record: { ...record, archived }, handled: [], log: [], outbox: [], aliases: [] };
  await stage.store.save(stage.subject(at), version, save);
  return { own, shared, file };
}

it('deletes what only the files of archived runs speak of, also where the sweep dies at any removal', async () => {
  const { at } = await arrange();
  const runs = [await archive(at, 'r1'), await archive(at, 'r2')];
  // Another one speaks of what they share, in a file of its own.
  const neighbour = await archive((await arrange()).at, 'r1');
  await ask(at);
  let removals = 0;
  removeArtifact = async (...args) => {
    removals += 1;
    // Every other time before it is done, and every other time after that.
    if (removals % 2 === 0) await artifacts.remove(...args);
    throw new Error('the worker was killed');
  };
  for (let death = 0; death < 6; death += 1) await sweep();
  expect(removals).toBe(6);
  removeArtifact = artifacts.remove;
  await sweep();
  for (const { own, file } of runs) expect([await read(own), await read(file)]).toEqual([undefined, undefined]);
  expect([await read(neighbour.own), await read(neighbour.file)]).not.toContain(undefined);
  expect(await read(neighbour.shared)).toBe('of several');
});

it('leaves the checkpoints of a new run of the same subject, for as long as it works', async () => {
  const { at } = await arrange();
  const place = join(shelfOf(join(folder, 'artifacts'), key), `checkpoints/c-${at}/c-r1/c-one`);
  await mkdir(place, { recursive: true });
  await ask(at);
  const write = (state: Run['state']) => stage.write(at, ['it began again'], { run: { ...openRun(), state } });
  await write({ kind: 'planning', since: 1 });
  await sweep();
  expect(existsSync(place)).toBe(true);
  await write({ kind: 'stopped', since: 1, by: 'mona' });
  await sweep();
  expect(existsSync(place)).toBe(false);
  expect((await stage.deletions.list(1000)).filter(({ phase }) => phase !== 'done')).toEqual([]);
});

it('leaves artifacts that something else speaks of, and all while somebody of the repository works', async () => {
  const first = await arrange();
  const second = await arrange();
  await stage.store.save(stage.subject(second.at), (await stage.store.load(stage.subject(second.at))).version, {
    record: (await stage.store.load(stage.subject(second.at))).record,
    handled: [],
    log: [],
    outbox: [{ kind: 'add', action: { kind: 'present', id: 'present-1' } }],
    aliases: [],
  });
  await stage.store.begin(stage.subject(second.at), 'present-1', 1, hour);
  await ask(first.at);
  await sweep();
  expect(await read(first.own)).toBeDefined();
  const { version, record } = await stage.store.load(stage.subject(second.at));
  const outbox = [{ kind: 'remove', id: 'present-1' } as const];
  await stage.store.save(stage.subject(second.at), version, { record, handled: [], log: [], outbox, aliases: [] });
  await sweep();
  expect(await read(first.own)).toBeUndefined();
  expect(await read(first.shared)).toBe('of several');
});

it('is vetoed by a hook that fails, which is told what is about to go, and the run stays', async () => {
  const { own, at } = await arrange();
  await writeHook(`cat > ${join(folder, 'told')}; echo "there is a legal hold" >&2; exit 3`);
  const answer = await ask(at);
  expect(answer.status).toBe(409);
  expect(answer.body.error).toEqual({
    code: 'vetoed',
    message: 'The hook of this installation said no, and nothing was deleted: it exited with 3: there is a legal hold',
  });
  expect(JSON.parse(await readFile(join(folder, 'told'), 'utf8'))).toEqual({
    hook: 'before-forget',
    subject: stage.subject(at),
    repository: 'acme/errors',
    run: 'r1',
    actor: 'mona',
    reason: 'the contract ended',
  });
  await sweep();
  expect([await isKept(at), await read(own)]).toEqual([true, `only of ${at}`]);
  expect((await rowsOf(at)).at(-1)).toEqual(['mona', 'vetoed', 'it exited with 3: there is a legal hold']);
});

it('is let through by a hook that ends well, and not by one that cannot be run', async () => {
  const { at } = await arrange();
  await writeHook('exit 0', '#!/nowhere/at/all');
  expect((await ask(at)).body.error).toMatchObject({
    code: 'vetoed',
    message: expect.stringContaining('could not be run'),
  });
  await writeHook('exit 0');
  expect((await ask(at)).status).toBe(200);
});

it('refuses what is at work or held', async () => {
  for (const state of [
    { kind: 'planning', since: 1 },
    { kind: 'paused', since: 1, by: 'mona', back: { kind: 'planning' } },
  ] as const) {
    const { at } = await arrange(state);
    expect((await ask(at)).body.error).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('stop it first'),
    });
    expect(await isKept(at)).toBe(true);
  }
});

it('refuses a run whose pull request is open', async () => {
  const { at } = await arrange();
  await stage.write(at, [], { run: openRun() });
  expect((await ask(at)).body.error).toMatchObject({ code: 'refused', message: expect.stringContaining('is open') });
});

it('does not take along what comes in at this very moment', async () => {
  const { own, at } = await arrange();
  beforeRemoval = () =>
    stage.store.intake({
      deliveryId: 'late',
      hookId: 'hook',
      bodyHash: 'x',
      subject: stage.subject(at),
      repository,
      events: [{ id: 'comment/1', event: comment(1) }],
      isOnlyForKnown: false,
    });
  expect((await ask(at)).body.error).toMatchObject({ code: 'refused' });
  expect(await isKept(at)).toBe(true);
  // What the record still speaks of stays, although it was to be deleted.
  await sweep();
  expect(await read(own)).toBe(`only of ${at}`);
});

it.each([[{}], [{ as: 'no login at all' }], [{ as: 'mona', because: 'x' }]])('names who asks: %j', async (body) => {
  const { at } = await arrange();
  expect((await ask(at, body)).status).toBe(400);
  expect(await isKept(at)).toBe(true);
});
