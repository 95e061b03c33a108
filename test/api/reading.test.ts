// What an operator can read: never a token of a lease, and never a secret.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../src/core/model/run.ts';
import { openRun } from '../core/gate/gate-record.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type AdminStage, prefix, startAdminStage } from './admin-stage.ts';

let redis: TestRedis;
let stage: AdminStage;
const secret = `ghp_${'a'.repeat(36)}`;
const parked = { id: 'git.test/7/1#5-0', record: 'git.test:8080/7/1', eventId: 'comment/1', why: 'it throws', at: 5 };
const replayed: string[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  stage = await startAdminStage(redis, {
    store: {
      listParked: async () => [{ ...parked, record: stage.subject(1), event: { body: `with ${secret}` } }],
      replayParked: async (id) => id === parked.id && replayed.push(id) === 1,
    },
  });
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
});

async function read(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${stage.url}${path}`);
  return { status: response.status, text: await response.text() };
}

it('lists subjects, the newest first', async () => {
  await stage.write(1, ['one'], { title: 'First' });
  await stage.write(2, ['one'], { title: `Second ${secret}`, run: openRun() });
  const { subjects } = JSON.parse((await read('/api/subjects?limit=2')).text) as { subjects: unknown[] };
  expect(subjects).toMatchObject([
    { subject: stage.subject(2), repository: 'acme/errors', title: 'Second [redacted]', state: 'ready' },
    { subject: stage.subject(1), title: 'First', state: 'none' },
  ]);
  expect(JSON.parse((await read('/api/subjects?limit=1')).text)).toMatchObject({ subjects: [{}] });
});

it('lists a subject that cannot be read beside the others', async () => {
  await stage.write(21, ['one'], { title: 'First' });
  await stage.write(22, ['one']);
  await redis.connect().hset(`${prefix}:subject:${stage.subject(22)}:record`, 'value', '{"schema":1}');
  expect(JSON.parse((await read('/api/subjects?limit=2')).text)).toMatchObject({
    subjects: [{ subject: stage.subject(22), state: 'unreadable' }, { title: 'First' }],
  });
});

it('shows how a run stands and who works on it, without the token that would let others speak for them', async () => {
  await stage.write(3, ['one'], { run: openRun() });
  const { version, record } = await stage.store.load(stage.subject(3));
  if (!record) throw new Error('it was written');
  const outbox = [{ kind: 'add', action: { kind: 'present', id: 'present-9' } }] as const;
  await stage.store.save(stage.subject(3), version, { record, handled: [], log: [], outbox, aliases: [] });
  const begun = await stage.store.begin(stage.subject(3), 'present-9', 1, 10_000);
  if (begun.kind !== 'begun') throw new Error('it was free');
  const { text } = await read(stage.pathOf(3));
  expect(JSON.parse(text)).toMatchObject({
    subject: stage.subject(3),
    state: 'ready',
    headline: expect.stringContaining('Ready to merge'),
    run: { id: 'r1', tasks: [{ key: 'a', state: 'merged' }], spend: { microUsd: expect.any(Number) } },
    outbox: [
      { id: 'present-9', kind: 'present', dispatch: 1, state: { kind: 'begun', sign: 'healthy', cancelled: false } },
    ],
    archived: [],
  });
  expect(text).not.toContain(begun.token);
});

it('accounts for what a repository made of its runs, of this repository alone', async () => {
  const past = { startedAt: 0, microUsd: 2_000_000, findings: {} };
  const now = Date.now();
  const outcomes = [
    { ...past, end: 'merged_unchanged' as const, startedAt: now - 3_600_000, endedAt: now },
    { ...past, end: 'rejected' as const, endedAt: now },
    // Long before what is asked about.
    { ...past, end: 'rejected' as const, endedAt: 5 },
  ];
  const run: Run = { ...openRun(), state: { kind: 'closed', since: now, by: 'mona' } };
  await stage.write(31, ['one'], { outcomes, run });
  const { status, text } = await read('/api/repositories/git.test%3A8080/7/outcomes?days=30');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    days: 30,
    runs: 3,
    ends: { merged_unchanged: 1, merged_changed: 0, rejected: 2 },
    acceptance: 1 / 3,
    mergeMs: { median: 3_600_000 },
    microUsd: 4_000_000 + run.spend.microUsd,
  });
  expect((await read('/api/repositories/git.test%3A8080/8/outcomes')).status).toBe(404);
  expect((await read('/api/repositories/git.test%3A8080/7/outcomes?days=0')).status).toBe(400);
});

it('knows nothing of a subject that never was', async () => {
  expect((await read(stage.pathOf(404))).status).toBe(404);
});

it('shows what a comment points to by its hash, as text, and nothing that was made for machines', async () => {
  const known: Record<string, Uint8Array> = {
    [`${'a'.repeat(64)}`]: Buffer.from(`the log with ghp_${'a'.repeat(36)}\n`),
    [`${'b'.repeat(64)}`]: Buffer.from('# v2 git bundle\n'),
    [`${'c'.repeat(64)}`]: Buffer.from([0x66, 0xff, 0x00]),
    [`${'d'.repeat(64)}`]: Buffer.from('x'.repeat(2 * 1024 * 1024)),
  };
  const shelf = await startAdminStage(redis, {
    artifacts: { read: async (key, id) => (key === 'git.test:8080/7' ? known[id] : undefined) },
  });
  const show = async (id: string, of = 'git.test%3A8080/7') => {
    const response = await fetch(`${shelf.url}/api/repositories/${of}/artifacts/${id}`);
    return [response.status, (await response.json()) as { text?: string; isCut?: boolean }] as const;
  };
  expect(await show('a'.repeat(64))).toEqual([
    200,
    { id: 'a'.repeat(64), text: 'the log with [redacted]\n', isCut: false },
  ]);
  expect((await show('b'.repeat(64)))[0]).toBe(403);
  expect((await show('c'.repeat(64)))[0]).toBe(403);
  expect((await show('d'.repeat(64)))[1].isCut).toBe(true);
  expect((await show('e'.repeat(64)))[0]).toBe(404);
  expect((await show('a'.repeat(64), 'git.test%3A8080/8'))[0]).toBe(404);
  expect((await show('..%2F..%2Fetc'))[0]).toBe(400);
  await shelf.stop();
});

it('lists what could not be decided on, and puts it back once', async () => {
  const { text } = await read('/api/dead-letters');
  expect(JSON.parse(text)).toMatchObject({
    deadLetters: [{ id: 'git.test/7/1#5-0', why: 'it throws', event: { body: 'with [redacted]' } }],
  });
  // An id has signs that mean something in an address: the path that stands beside it is to be asked as it is.
  const [letter] = JSON.parse(text).deadLetters;
  expect(letter.replay).toBe('/api/dead-letters/git.test%2F7%2F1%235-0/replay');
  const replay = async () => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${stage.url}${letter.replay}`, { method: 'POST', headers })).status;
  };
  expect([await replay(), await replay(), replayed.length]).toEqual([200, 404, 2]);
});

it('lists what has to be deleted', async () => {
  const asked = {
    host: 'git.test',
    installationId: 3,
    repositoryId: 7,
    attempts: 2,
    askedAt: 1,
    dueAt: Date.now() + 1e6,
  };
  await stage.deletions.keep({ ...asked, id: 'git.test/7@1-0', phase: 'files', error: 'the disk is busy' });
  expect(JSON.parse((await read('/api/deletions')).text)).toMatchObject({
    deletions: [{ id: 'git.test/7@1-0', phase: 'files', attempts: 2, error: 'the disk is busy' }],
  });
});
