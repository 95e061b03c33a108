// What a caller sees when its script ran and the answer was lost on the way: the client sends it again by itself.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { StorePort } from '../../src/engine/port/store.ts';
import { createStore } from '../../src/store/create-store.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { subject, tokenOf } from './each-store.ts';
import { resendAll } from './resent-client.ts';
import { comment, recordOf, repositoryOf } from './side.ts';

let redis: TestRedis;
let store: StorePort;
let resent: StorePort;
let opened = 0;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  opened += 1;
  const client = redis.connect();
  store = createStore(client, { prefix: `{resent-${opened}}` });
  resent = createStore(resendAll(client), { prefix: `{resent-${opened}}` });
});

const nothing = { record: recordOf(subject), handled: [], log: [], outbox: [], aliases: [] };

it('an action that was taken is held by whoever took it', async () => {
  const permits = [{ name: 'slots', limit: 1 }];
  await store.save(subject, 0, { ...nothing, outbox: [{ kind: 'add', action: { kind: 'present', id: 'a' } }] });
  const begun = await resent.begin(subject, 'a', 1, 10_000, permits);
  expect(begun).toMatchObject({ kind: 'begun', entry: { state: { kind: 'begun' } } });
  expect(await store.heartbeat(subject, 'a', tokenOf(begun), 10_000)).toBe('held');
  expect(await store.begin(subject, 'a', 1, 10_000, permits)).toEqual({ kind: 'refused', why: 'held' });
});

it('a name that was claimed belongs to whoever claimed it', async () => {
  expect(await resent.claim('round', 10_000)).toBe(true);
  expect(await resent.claim('round', 10_000)).toBe(false);
});

it('a delivery is kept once', async () => {
  const events = [{ id: 'comment/1', event: comment(1) }];
  const about = { deliveryId: 'd', hookId: 'hook', bodyHash: 'x', subject, repository: repositoryOf(subject) };
  expect(await resent.intake({ ...about, events, isOnlyForKnown: false })).toEqual({ kind: 'duplicate', subject });
  expect((await store.load(subject)).inbox).toHaveLength(1);
});

it('a save is made once, and looks overtaken', async () => {
  expect(await resent.save(subject, 0, { ...nothing, log: [{ kind: 'x', text: 'one' }] })).toEqual({ kind: 'moved' });
  expect(await store.readLog(subject, 0)).toHaveLength(1);
});
