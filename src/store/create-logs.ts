// What can be read of a record from outside: its log, and what an agent shows while it works.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { LogSlice, StorePort } from '../engine/port/store.ts';
import { callRedis } from './call-redis.ts';
import { parseLogged } from './parse-logged.ts';
import type { RunScript } from './script.ts';

const Slice = z.tuple([z.coerce.number(), z.array(z.tuple([z.string(), z.array(z.string())]))]);
const liveLinesKept = 500;
const liveTtlSeconds = 24 * 3600;

export function createLogs(
  redis: Redis,
  { prefix, run }: { prefix: string; run: RunScript },
): Pick<StorePort, 'readLog' | 'readLogSlice' | 'appendLive' | 'readLive'> {
  async function readLogSlice(...args: [record: string, after: number, limit: number | '']): Promise<LogSlice> {
    const [floor, entries] = Slice.parse(await run('read-log', args));
    return { floor, events: entries.map(([id, fields]) => parseLogged(id, fields)) };
  }
  return {
    async readLog(record, after, limit) {
      return (await readLogSlice(record, after, limit ?? '')).events;
    },
    readLogSlice,

    async appendLive(subject, actionId, line) {
      await run('append-live', [subject, actionId, line, liveLinesKept, liveTtlSeconds]);
    },

    async readLive(subject, actionId, after) {
      const key = `${prefix}:subject:${subject}:live:${actionId}`;
      const entries = await callRedis(() => redis.xrange(key, after === '' ? '-' : `(${after}`, '+'));
      return entries.map(([id, fields]) => ({ id, line: fields[1] ?? '' }));
    },
  };
}
