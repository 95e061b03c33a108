// A script's stack holds some thousand values. What piles up in a record must not make it one that cannot be ended.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStore } from '../../src/store/create-store.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { subject } from './each-store.ts';
import { comment, recordOf, repositoryOf } from './side.ts';

const many = 9_000;
let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
  await redis.connect().config('SET', 'appendfsync', 'no');
});
afterAll(() => redis.stop());

it('ends a record of which thousands of events were set aside', async () => {
  const client = redis.connect();
  const store = createStore(client, { prefix: '{big}' });
  await store.save(subject, 0, { record: recordOf(subject), handled: [], log: [], outbox: [], aliases: [] });
  const ids = Array.from({ length: many }, (_, index) => index + 1);
  const about = { hookId: 'hook', bodyHash: 'x', subject, repository: repositoryOf(subject), isOnlyForKnown: false };
  const toEvents = (id: number) => [{ id: `comment/${id}`, event: comment(id) }];
  await Promise.all(ids.map((id) => store.intake({ ...about, deliveryId: String(id), events: toEvents(id) })));
  const { inbox, version, record } = await store.load(subject);
  expect(inbox).toHaveLength(many);
  await Promise.all(inbox.map(({ entryId }) => store.park(subject, entryId, 'poison')));
  await store.remove(subject);
  expect(await store.listParked(1)).toEqual([]);
  expect((await client.keys('{big}:subject:*')).sort()).toEqual(
    ['log', 'removed'].map((part) => `{big}:subject:${subject}:${part}`),
  );
  expect([version, record]).toMatchObject([1, { number: 1 }]);
}, 120_000);
