// Schedules on Redis: a sorted set per repository, whose members are schedules and whose scores are the moments up to
// which they owe nothing. Each change is one command that whoever comes late cannot undo.
import type { Redis } from 'ioredis';
import type { ScheduleLedger } from '../engine/port/schedule.ts';
import { callRedis } from './call-redis.ts';
import type { ScriptOptions } from './script.ts';

/** What nobody has looked at for this long belongs to a repository that is ours no more. */
const keepMs = 60 * 24 * 3_600_000;
/** A moment is settled when it has come, so that no clock that goes right settles one that lies ahead. */
const aheadAtMostMs = 24 * 3_600_000;

export function createScheduleLedger(redis: Redis, { prefix, clock }: ScriptOptions): ScheduleLedger {
  const keyOf = (repositoryKey: string) => `${prefix}:schedule:${repositoryKey}`;
  const read = async (key: string, schedules: readonly string[]): Promise<Map<string, number>> => {
    const scores = schedules.length === 0 ? [] : await callRedis(() => redis.zmscore(key, ...schedules));
    return new Map(
      schedules.flatMap((schedule, n) => (scores[n] == null ? [] : [[schedule, Number(scores[n])] as const])),
    );
  };
  return {
    async readTime() {
      if (clock) return clock.now();
      const [seconds, micros] = await callRedis(() => redis.time());
      return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    },
    async keep(repositoryKey, schedules, now) {
      const key = keyOf(repositoryKey);
      const kept = await callRedis(() => redis.zrange(key, '0', '-1'));
      const gone = kept.filter((schedule) => !schedules.includes(String(schedule)));
      if (gone.length > 0) await callRedis(() => redis.zrem(key, ...gone));
      await callRedis(() => redis.zremrangebyscore(key, `(${now + aheadAtMostMs}`, '+inf'));
      const asNew = schedules.flatMap((schedule) => [String(now), schedule]);
      if (asNew.length > 0) await callRedis(() => redis.zadd(key, 'NX', ...asNew));
      await callRedis(() => redis.pexpire(key, keepMs));
      return await read(key, schedules);
    },
    async settle(repositoryKey, schedule, moment) {
      await callRedis(() => redis.zadd(keyOf(repositoryKey), 'XX', 'GT', String(moment), schedule));
    },
    async forget(repositoryKey) {
      await callRedis(() => redis.del(keyOf(repositoryKey)));
    },
  };
}
