// Redis, and what lies in it and does not move.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Env } from '../../env.ts';
import { redisPrefix } from '../../process/open-foundation.ts';
import { systemClock } from '../../process/system-clock.ts';
import { countOverdue } from '../../store/count-overdue.ts';
import { createLostDeliveries } from '../../store/create-lost-deliveries.ts';
import { createStore } from '../../store/create-store.ts';
import { checkRedis } from '../../store/server/check-redis.ts';
import { decideSocketAddress } from '../../store/server/server-folder.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const answerMs = 5_000;
/** Sweepers look every few seconds: what is due for longer is looked at by nobody. */
const overdueMs = 2 * 60_000;
const lettersAtMost = 1_000;

export async function checkStore(env: Pick<Env, 'redisUrl' | 'dataFolder'>): Promise<readonly Finding[]> {
  const own = decideSocketAddress(join(env.dataFolder, 'redis'), process.getuid?.() ?? 0).path;
  const redis = new Redis(env.redisUrl ?? own, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
  });
  let why: string | undefined;
  redis.on('error', (error: Error) => {
    why = error.message;
  });
  try {
    const answer = await redis.connect().then(
      () => undefined,
      (error: unknown) => why ?? String(error),
    );
    if (answer === undefined) return [...(await lookAtServer(redis)), ...(await lookAtRows(redis))];
    if (env.redisUrl !== undefined)
      return [fail('redis', `Redis is not reached: ${answer}`, 'Start it, or mend REDIS_URL.')];
    const mend = 'Start web and worker: the first of them starts the Redis that they share.';
    return [warn('redis', 'REDIS_URL names none, and no Redis of our own is running', mend)];
  } finally {
    redis.disconnect();
  }
}

async function lookAtServer(redis: Redis): Promise<readonly Finding[]> {
  return (await checkRedis(redis)).map(({ check, verdict, what, mend }) => ({
    check: `redis.${check}`,
    verdict: verdict === 'pass' ? 'ok' : verdict,
    what,
    ...(mend === undefined ? {} : { mend }),
  }));
}

async function lookAtRows(redis: Redis): Promise<readonly Finding[]> {
  const lost = createLostDeliveries(redis, { prefix: redisPrefix, clock: systemClock });
  const [parked, deliveries, overdue] = await Promise.all([
    createStore(redis, { prefix: redisPrefix }).listParked(lettersAtMost),
    lost.list(),
    countOverdue(redis, redisPrefix, overdueMs),
  ]);
  const letters = parked.length + deliveries.length;
  return [
    letters === 0
      ? ok('stuck.dead-letters', 'no event was set aside, and no delivery was lost')
      : fail(
          'stuck.dead-letters',
          `${parked.length} events could not be decided on, and ${deliveries.length} deliveries never arrived`,
          'See "npm run dead-letters -- list", and put them back with "replay".',
        ),
    overdue === 0
      ? ok('stuck.overdue', 'nothing waits for longer than it should')
      : fail('stuck.overdue', `${overdue} records have been due for minutes`, 'Start a worker, or look at its log.'),
  ];
}
