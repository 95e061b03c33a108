// What a store throws says who is to blame: nobody here while the server is away or refuses everybody, and else a bug.
import { afterEach, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import { createScheduleLedger } from '../../src/store/create-schedule-ledger.ts';
import { createStore } from '../../src/store/create-store.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis | undefined;
afterEach(() => redis?.stop());

const outside = { name: 'ExternalError', system: 'redis', retry: 'soon' };

it('a server that refuses whatever it is asked is the world outside failing', async () => {
  redis = await startTestRedis();
  const client = redis.connect();
  const store = createStore(client, { prefix: '{refused}' });
  await client.replicaof('127.0.0.1', 1);
  await expect(store.claim('what', 1_000)).rejects.toMatchObject(outside);
  await expect(createScheduleLedger(client, { prefix: '{refused}' }).settle('r', 's', 1)).rejects.toMatchObject(
    outside,
  );
});

it('so is one that does not answer any more', async () => {
  redis = await startTestRedis();
  const client = redis.connect();
  const store = createStore(client, { prefix: '{gone}' });
  expect(await store.claim('before', 1_000)).toBe(true);
  client.disconnect();
  await expect(store.claim('after', 1_000)).rejects.toMatchObject(outside);
  await expect(store.listSubjects(1)).rejects.toMatchObject(outside);
});

it('a key that holds something else is a bug', async () => {
  redis = await startTestRedis();
  const client = redis.connect();
  await client.lpush('{bug}:subjects', 'x');
  const store = createStore(client, { prefix: '{bug}' });
  const thrown = await store.listSubjects(1).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Error);
  expect(thrown).not.toBeInstanceOf(ExternalError);
});
