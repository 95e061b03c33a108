// Two hashes, by guid: what was given up, and what of that somebody wants again. Every change may be made twice: the worst
// that a death between two of them leaves is a delivery that is asked for twice, and that is kept once.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { redeliveryWindowMs } from '../core/run/refuse-late.ts';
import type { ClockPort } from '../engine/port/clock.ts';
import type { LostDeliveries, LostDelivery } from '../engine/port/lost-deliveries.ts';
import { callRedis } from './call-redis.ts';
import type { ScriptOptions } from './script.ts';

const Kept = z.object({
  guid: z.string(),
  attemptId: z.number(),
  what: z.string(),
  attempts: z.number(),
  why: z.string(),
  at: z.number(),
});

export function createLostDeliveries(
  redis: Redis,
  { prefix, clock }: { readonly prefix: ScriptOptions['prefix']; readonly clock: Pick<ClockPort, 'now'> },
): LostDeliveries {
  const given = `${prefix}:lost-deliveries`;
  const asked = `${prefix}:lost-deliveries-asked`;
  const read = async (key: string): Promise<LostDelivery[]> => {
    const texts = Object.values(await callRedis(() => redis.hgetall(key)));
    const kept = texts.map((text) => Kept.parse(JSON.parse(text)));
    const gone = kept.filter(({ at }) => at < clock.now() - redeliveryWindowMs);
    if (gone.length > 0) await callRedis(() => redis.hdel(key, ...gone.map(({ guid }) => guid)));
    return kept.filter((one) => !gone.includes(one)).sort((one, other) => one.at - other.at);
  };
  return {
    async keep(lost) {
      await callRedis(() => redis.hset(given, lost.guid, JSON.stringify(lost)));
    },
    list: () => read(given),
    async askAgain(guid) {
      const lost = (await read(given)).find((one) => one.guid === guid);
      if (!lost) return false;
      await callRedis(() => redis.hset(asked, guid, JSON.stringify(lost)));
      return (await callRedis(() => redis.hdel(given, guid))) === 1;
    },
    listAsked: () => read(asked),
    async forget(guid) {
      await callRedis(() => redis.hdel(given, guid));
      await callRedis(() => redis.hdel(asked, guid));
    },
  };
}
