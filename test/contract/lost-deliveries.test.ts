// Deliveries that were given up, as Redis keeps them and as the tests that need no Redis do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redeliveryWindowMs } from '../../src/core/run/refuse-late.ts';
import type { LostDeliveries, LostDelivery } from '../../src/engine/port/lost-deliveries.ts';
import { createLostDeliveries } from '../../src/store/create-lost-deliveries.ts';
import { createMemoryOfLost } from '../support/lost-deliveries.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

const start = 1_800_000_000_000;
let now = start;
const open = (prefix: string) => createLostDeliveries(redis.connect(), { prefix, clock: { now: () => now } });
const lost = (guid: string, at: number): LostDelivery => ({
  guid,
  attemptId: at - start,
  what: 'issues.labeled',
  attempts: 16,
  why: 'refused',
  at,
});

describe.each<[string, () => LostDeliveries]>([
  ['Redis', () => open('{lost}')],
  ['memory', createMemoryOfLost],
])('a delivery that was given up, in %s', (_name, openLost) => {
  it('is listed once, oldest first, and asked for again once', async () => {
    const deliveries = openLost();
    await deliveries.keep(lost('b', start + 2));
    await deliveries.keep(lost('a', start + 1));
    await deliveries.keep(lost('b', start + 2));
    expect((await deliveries.list()).map(({ guid }) => guid)).toEqual(['a', 'b']);
    expect([await deliveries.askAgain('b'), await deliveries.askAgain('b')]).toEqual([true, false]);
    expect(await deliveries.list()).toEqual([lost('a', start + 1)]);
    expect(await deliveries.listAsked()).toEqual([lost('b', start + 2)]);
    await deliveries.forget('a');
    await deliveries.forget('b');
    expect([await deliveries.list(), await deliveries.listAsked()]).toEqual([[], []]);
  });
});

it('that GitHub cannot deliver any more is kept no longer, whether or not it was asked for', async () => {
  const deliveries = open('{old}');
  await deliveries.keep(lost('old', start));
  await deliveries.keep(lost('asked', start));
  await deliveries.askAgain('asked');
  await deliveries.keep(lost('young', start + 60_000));
  now = start + redeliveryWindowMs + 1;
  expect((await deliveries.list()).map(({ guid }) => guid)).toEqual(['young']);
  expect(await deliveries.listAsked()).toEqual([]);
  expect(await deliveries.askAgain('old')).toBe(false);
});
