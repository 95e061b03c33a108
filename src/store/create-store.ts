// The store on Redis: every method is one script, or one command that only reads. README.md lists the keys.
import type { Redis } from 'ioredis';
import type { StorePort } from '../engine/port/store.ts';
import { createInbox } from './create-inbox.ts';
import { createLogs } from './create-logs.ts';
import { createOutbox } from './create-outbox.ts';
import { createParked } from './create-parked.ts';
import { createRecords } from './create-records.ts';
import { createShares } from './create-shares.ts';
import { openScripts, type ScriptOptions } from './script.ts';

export function createStore(redis: Redis, options: ScriptOptions): StorePort {
  const run = openScripts(redis, options);
  return {
    ...createInbox(run),
    ...createRecords(redis, { prefix: options.prefix, run }),
    ...createOutbox(run),
    ...createParked(run),
    ...createShares(run),
    ...createLogs(redis, { prefix: options.prefix, run }),

    async isReady() {
      return redis.status === 'ready' && (await redis.ping()) === 'PONG';
    },

    async close() {
      await redis.quit();
    },
  };
}
