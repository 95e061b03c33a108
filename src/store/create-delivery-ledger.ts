import type { Redis } from 'ioredis';
import type { DeliveryLedger } from '../engine/port/delivery-log.ts';
import { callRedis } from './call-redis.ts';
import type { ScriptOptions } from './script.ts';

export function createDeliveryLedger(redis: Redis, { prefix }: Pick<ScriptOptions, 'prefix'>): DeliveryLedger {
  const key = `${prefix}:heard-until`;
  return {
    async readHeardUntil() {
      const moment = await callRedis(() => redis.get(key));
      return moment === null ? undefined : Number(moment);
    },
    async keepHeardUntil(moment) {
      await callRedis(() => redis.set(key, String(moment)));
    },
  };
}
