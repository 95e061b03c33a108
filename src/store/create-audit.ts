// The audit log on Redis: a stream that only grows, as far as it is kept.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { SubjectId } from '../core/model/subject.ts';
import type { AuditPort } from '../engine/port/audit.ts';
import { callRedis } from './call-redis.ts';

const Kept = z.object({
  actor: z.string(),
  deed: z.literal('forget'),
  subject: SubjectId,
  outcome: z.enum(['asked', 'forgotten', 'refused', 'vetoed']),
  why: z.string().optional(),
});

const entriesKept = 100_000;

export function createAudit(redis: Redis, { prefix }: { prefix: string }): AuditPort {
  const key = `${prefix}:audit`;
  return {
    async write(entry) {
      await callRedis(() => redis.xadd(key, 'MAXLEN', '~', entriesKept, '*', 'entry', JSON.stringify(entry)));
    },
    async list(limit) {
      const entries = await callRedis(() => redis.xrevrange(key, '+', '-', 'COUNT', limit));
      return entries.map(([id, fields]) => ({
        at: Number(id.split('-')[0]),
        ...Kept.parse(JSON.parse(fields[fields.indexOf('entry') + 1] ?? '')),
      }));
    },
  };
}
