// Which worker processes live: one sorted set, by the moment until which each of them counts as living.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { FleetMember, FleetPort } from '../engine/port/fleet.ts';
import { callRedis } from './call-redis.ts';

const Member = z.object({ id: z.string(), host: z.string(), artifacts: z.string() });

export function createFleet(redis: Redis, { prefix }: { prefix: string }): FleetPort {
  const key = `${prefix}:fleet`;
  const readTime = async () => {
    const [seconds, micros] = await redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  };
  return {
    announce: (member, ttlMs) =>
      callRedis(async () => {
        const now = await readTime();
        await redis.zremrangebyscore(key, '-inf', now);
        await redis.zadd(key, now + ttlMs, render(member));
      }),
    list: () =>
      callRedis(async () => {
        const members = await redis.zrangebyscore(key, `(${await readTime()}`, '+inf');
        return members.map((member) => Member.parse(JSON.parse(member)));
      }),
    withdraw: (member) => callRedis(async () => void (await redis.zrem(key, render(member)))),
  };
}

/** The same member is the same text. */
function render({ id, host, artifacts }: FleetMember): string {
  return JSON.stringify({ id, host, artifacts });
}
