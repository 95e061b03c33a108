import type { Redis } from 'ioredis';
import { callRedis } from './call-redis.ts';

/** Records that were due this long ago, by the clock of the server: whoever sweeps puts each off at once. */
export async function countOverdue(redis: Redis, prefix: string, sinceMs: number): Promise<number> {
  const [seconds] = await callRedis(() => redis.time());
  return await callRedis(() => redis.zcount(`${prefix}:due`, '-inf', Number(seconds) * 1000 - sinceMs));
}
