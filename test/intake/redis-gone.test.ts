// Without Redis nothing can be kept, and that is said: GitHub records a failed delivery, which can be delivered again.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../src/store/server/embedded-redis.ts';
import { quiet } from '../support/quiet.ts';
import { findTools } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { type Delivery, type IntakeStage, startIntake } from './intake-stage.ts';
import { labelPayload } from './payload.ts';

let folder: string;
let redis: EmbeddedRedis;
let stage: IntakeStage;

async function startRedis(): Promise<EmbeddedRedis> {
  const { redis: tools } = await findTools(['redis']);
  if (!tools) throw new Error('Redis was not looked for');
  return await startEmbeddedRedis({ tools, folder, logger: quiet });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gp-gone-'));
  redis = await startRedis();
  stage = await startIntake(redis.url);
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

async function statusOf(path: string): Promise<number> {
  return (await fetch(`${stage.url}${path}`)).status;
}

function isBack(): Promise<boolean> {
  return until(async () => ((await statusOf('/readyz')) === 200 ? true : undefined));
}

const deliveryOf = (number: number): Delivery => ({
  name: 'issues',
  id: randomUUID(),
  payload: labelPayload({ repositoryId: 1, number }),
});

async function inboxSize(number: number): Promise<number> {
  return (await stage.load(1, number)).inbox.length;
}

it('fails the delivery while Redis is gone, stays alive, and keeps a redelivery once', async () => {
  const before = deliveryOf(1);
  const during = deliveryOf(2);
  expect((await stage.deliver(before)).status).toBe(200);
  expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 200]);

  await redis.stop();
  const startedAt = performance.now();
  expect(await stage.deliver(during)).toEqual({ status: 500, text: 'the delivery could not be kept\n' });
  // GitHub waits ten seconds for an answer.
  expect(performance.now() - startedAt).toBeLessThan(9_000);
  expect(await Promise.all([statusOf('/healthz'), statusOf('/readyz')])).toEqual([200, 503]);

  redis = await startRedis();
  await isBack();
  expect(await inboxSize(1)).toBe(1);
  const again = await Promise.all([during, during, during, before].map((delivery) => stage.deliver(delivery)));
  expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect([await inboxSize(1), await inboxSize(2)]).toEqual([1, 1]);
});

it('loses no delivery that was answered with 200 when Redis is killed', async () => {
  const deliveries = Array.from({ length: 30 }, (_, index) => deliveryOf(100 + index));
  const pid = redis.pid;
  const sending = deliveries.map(async (delivery, index) => {
    if (index === 15) process.kill(pid, 'SIGKILL');
    const { status } = await stage.deliver(delivery);
    return { delivery, status, number: 100 + index };
  });
  const sent = await Promise.all(sending);
  await isBack();
  for (const { number } of sent.filter(({ status }) => status === 200)) expect(await inboxSize(number)).toBe(1);
  const lost = sent.filter(({ status }) => status !== 200);
  expect(lost.every(({ status }) => status === 500)).toBe(true);
  // What failed may have been kept before the answer was lost: delivered again, it is there once.
  for (const { delivery } of lost) expect((await stage.deliver(delivery)).status).toBe(200);
  for (const { number } of sent) expect(await inboxSize(number)).toBe(1);
});
