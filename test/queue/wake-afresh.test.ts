// A wake is a hint that many others may join; a trace of an earlier one must not swallow them for ever.
import { Queue } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { createQueue } from '../../src/queue/create-queue.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const prefix = '{test}';
const subject = toSubjectId('github.test', 7, 1);
let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

it('wakes a record whose earlier wake ended without a trace, where an ordinary wake is swallowed', async () => {
  const connection = redis.connect();
  const queue = createQueue(connection, { prefix, log: quiet });
  const advance = new Queue('advance', { connection, prefix });
  // What a crash in the middle of a job was seen to leave: its key is in no list, and is taken for a job to come.
  await connection.hset(`${prefix}:advance:ghost`, { name: 'advance', data: '{}' });
  await connection.set(`${prefix}:advance:de:${subject}`, 'ghost');
  await queue.wake(subject);
  expect(await advance.getWaitingCount()).toBe(0);
  await queue.wakeAfresh(subject);
  await queue.wake(subject);
  expect((await advance.getWaiting()).map(({ data }) => data)).toEqual([{ subject }]);
  await advance.close();
  await queue.close();
});
