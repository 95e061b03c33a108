// Something like a secret that is planted somewhere, and where the store has it.
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Bot } from '../support/bot.ts';

/** Shaped like a token of a person, different for every use; put together here so that no scanner takes it for one. */
export function createToken(name: string): string {
  return `ghp_${createHash('sha256').update(name).digest('hex').slice(0, 36)}`;
}

async function readKey(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key);
  if (type === 'hash') return JSON.stringify(await redis.hgetall(key));
  if (type === 'stream') return JSON.stringify(await redis.xrange(key, '-', '+'));
  if (type === 'set') return JSON.stringify(await redis.smembers(key));
  if (type === 'list') return JSON.stringify(await redis.lrange(key, 0, -1));
  if (type === 'zset') return JSON.stringify(await redis.zrange(key, '0', '-1'));
  return type === 'string' ? ((await redis.get(key)) ?? '') : '';
}

/** Keys of the store in which it stands. */
export async function findKeys(bot: Bot, text: string): Promise<string[]> {
  const redis = new Redis(bot.stack.redis.url);
  const found: string[] = [];
  for (const key of await redis.keys('*')) if ((await readKey(redis, key)).includes(text)) found.push(key);
  redis.disconnect();
  return found;
}
