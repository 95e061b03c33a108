// What an operator does about events that were set aside, from a shell.
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { createStore } from '../../src/store/create-store.ts';
import { parkEvent } from '../support/park-event.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const script = resolve(import.meta.dirname, '../../src/process/dead-letters-main.ts');
const subject = toSubjectId('github.test', 7, 1);
let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

async function run(...args: string[]): Promise<{ code: number; lines: Record<string, unknown>[]; stderr: string }> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const env: NodeJS.ProcessEnv = {
    APP_ID: '1',
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: 'a secret of sixteen or more',
    MODEL_API_KEY: 'key',
    REDIS_URL: redis.url,
    LOG_LEVEL: 'silent',
  };
  const ended = await promisify(execFile)(process.execPath, [script, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  const lines = ended.stdout.split('\n').filter((line) => line !== '');
  return { code: ended.code, lines: lines.map((line) => JSON.parse(line)), stderr: ended.stderr };
}

const mona = { id: 1, login: 'mona', kind: 'person' } as const;

it('shows no secret of what was parked', async () => {
  const secret = `ghp_${'a'.repeat(36)}`;
  const store = createStore(redis.connect(), { prefix: redisPrefix });
  const where = { association: 'OWNER', thread: 1, isPullRequest: false, title: 'x' };
  await parkEvent(store, subject, { kind: 'commented', commentId: 1, body: `with ${secret}`, actor: mona, ...where });
  expect(await run('list')).toMatchObject({ code: 0, lines: [{ event: { body: 'with [redacted]' } }] });
  await store.remove(subject);
});

it('lists what was parked, puts it back once, and says what it does not understand', async () => {
  const store = createStore(redis.connect(), { prefix: redisPrefix });
  await parkEvent(store, subject, { kind: 'issue_closed', deliveryId: 'd1', actor: mona });

  const listed = await run('list');
  expect(listed).toMatchObject({ code: 0, lines: [{ record: subject, eventId: 'delivery/d1/0', why: 'a bug' }] });
  const id = String(listed.lines[0]?.['id']);
  expect(await run('replay', id)).toMatchObject({ code: 0, lines: [{ id, isReplayed: true }] });
  expect((await store.load(subject)).inbox.map(({ eventId }) => eventId)).toEqual(['delivery/d1/0']);
  expect(await run('replay', id)).toMatchObject({ code: 1, lines: [{ id, isReplayed: false }] });
  expect(await run('list')).toMatchObject({ code: 0, lines: [] });
  expect(await run('bury')).toMatchObject({
    code: 78,
    stderr: 'Say "list", or "replay" and the id of a dead letter.\n',
  });
});
