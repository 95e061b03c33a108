// What web and workers both stand on: Redis, the store, the queues, the log.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { AnswersPort } from '../engine/port/answers.ts';
import type { AuditPort } from '../engine/port/audit.ts';
import type { DeletionLedger } from '../engine/port/deletion.ts';
import type { DeliveryLedger } from '../engine/port/delivery-log.ts';
import type { FleetPort } from '../engine/port/fleet.ts';
import type { LogPort } from '../engine/port/log.ts';
import type { LostDeliveries } from '../engine/port/lost-deliveries.ts';
import type { ScheduleLedger } from '../engine/port/schedule.ts';
import type { StorePort } from '../engine/port/store.ts';
import type { Env } from '../env.ts';
import { ensurePrerequisites } from '../prerequisite/ensure-prerequisites.ts';
import type { Need, Tools } from '../prerequisite/prerequisite.ts';
import { type ClosableQueue, createQueue } from '../queue/create-queue.ts';
import { createAnswers } from '../store/create-answers.ts';
import { createAudit } from '../store/create-audit.ts';
import { createDeletionLedger } from '../store/create-deletion-ledger.ts';
import { createDeliveryLedger } from '../store/create-delivery-ledger.ts';
import { createFleet } from '../store/create-fleet.ts';
import { createLostDeliveries } from '../store/create-lost-deliveries.ts';
import { createScheduleLedger } from '../store/create-schedule-ledger.ts';
import { createStore } from '../store/create-store.ts';
import { createLogFeed, type LogFeed } from '../store/log-feed.ts';
import { checkRedis } from '../store/server/check-redis.ts';
import { type EmbeddedRedis, startEmbeddedRedis } from '../store/server/embedded-redis.ts';
import { connectRedis } from './connect-redis.ts';
import { openLog } from './open-log.ts';
import { systemClock } from './system-clock.ts';

/** One hash tag for everything of ours, so that scripts and queues work on a cluster as well. */
export const redisPrefix = '{gatepilot}';

export interface Foundation {
  readonly env: Env;
  readonly tools: Tools;
  readonly log: LogPort;
  readonly redisUrl: string;
  readonly store: StorePort;
  readonly answers: AnswersPort;
  readonly feed: LogFeed;
  readonly deletions: DeletionLedger;
  readonly schedules: ScheduleLedger;
  readonly heard: DeliveryLedger;
  readonly lost: LostDeliveries;
  readonly audit: AuditPort;
  readonly fleet: FleetPort;
  readonly queue: ClosableQueue;
  readonly hash: (text: string) => string;
  close(): Promise<void>;
  /** Ends the Redis that was started here, once everybody who uses it has closed. */
  stopRedis(): Promise<void>;
}

export class MissingPrerequisite extends Error {
  override readonly name = 'MissingPrerequisite';
}

export async function openFoundation(env: Env, needs: readonly Exclude<Need, 'redis'>[]): Promise<Foundation> {
  const log = openLog(env.logLevel);
  const tools = await findTools(env, env.redisUrl === undefined ? [...needs, 'redis'] : needs);
  const embedded = env.redisUrl === undefined ? await startRedis(env, tools, log) : undefined;
  const redisUrl = env.redisUrl ?? embedded?.url ?? '';
  const storeRedis = connect(redisUrl, log);
  const queueRedis = connect(redisUrl, log);
  const queue = createQueue(queueRedis, { prefix: redisPrefix, log });
  const store = createStore(storeRedis, { prefix: redisPrefix });
  if (env.redisUrl !== undefined) void reportRedis(storeRedis, log);
  const feed = createLogFeed(storeRedis, { prefix: redisPrefix, log });
  return {
    env,
    tools,
    log,
    redisUrl,
    store,
    answers: createAnswers(storeRedis, { prefix: redisPrefix }),
    feed,
    deletions: createDeletionLedger(storeRedis, { prefix: redisPrefix }),
    schedules: createScheduleLedger(storeRedis, { prefix: redisPrefix }),
    heard: createDeliveryLedger(storeRedis, { prefix: redisPrefix }),
    lost: createLostDeliveries(storeRedis, { prefix: redisPrefix, clock: systemClock }),
    audit: createAudit(storeRedis, { prefix: redisPrefix }),
    fleet: createFleet(storeRedis, { prefix: redisPrefix }),
    queue,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    async close() {
      await feed.close();
      await queue.close();
      storeRedis.disconnect();
      queueRedis.disconnect();
    },
    stopRedis: async () => embedded?.stop(),
  };
}

/** Of a process that is only one half: what it keeps in a Redis that it started itself may be seen by nobody else. */
export function warnOfOwnRedis({ env, log }: Pick<Foundation, 'env' | 'log'>): void {
  if (env.redisUrl !== undefined) return;
  log.warn(
    { folder: join(env.dataFolder, 'redis') },
    'REDIS_URL is not set: only processes on this machine with the same GATEPILOT_DATA share the Redis of this one',
  );
}

/** A server of the operator's may lose what it acknowledged, and nobody would see that before it happens. */
async function reportRedis(redis: Redis, log: LogPort): Promise<void> {
  try {
    for (const { verdict, what, mend } of await checkRedis(redis)) {
      if (verdict === 'fail') log.error({ mend }, `Redis would lose what it acknowledged, or cannot be used: ${what}`);
      if (verdict === 'warn') log.warn({ mend }, `Redis: ${what}`);
    }
  } catch (error) {
    log.warn({ error: String(error) }, 'Redis could not be asked how it keeps what it acknowledges');
  }
}

async function findTools(env: Env, needs: readonly Need[]): Promise<Tools> {
  const found = await ensurePrerequisites({
    needs,
    cacheFolder: join(env.dataFolder, 'tools'),
    environment: env.surroundings,
    out: (line) => process.stderr.write(`${line}\n`),
  });
  if (found.kind === 'ready') return found.tools;
  throw new MissingPrerequisite(found.problems.map(({ what, mend }) => `${what} ${mend}`).join('\n'));
}

async function startRedis(env: Env, tools: Tools, logger: LogPort): Promise<EmbeddedRedis> {
  if (!tools.redis) throw new Error('Redis was not looked for');
  return await startEmbeddedRedis({ tools: tools.redis, folder: join(env.dataFolder, 'redis'), logger });
}

/** Fails fast while Redis is away: an intake that cannot keep a delivery has to say so, and work is repeated anyway. */
function connect(url: string, log: LogPort): Redis {
  return connectRedis(url, log, { maxRetriesPerRequest: 1, connectTimeout: 5_000, commandTimeout: 10_000 });
}
