// The ledger of deletions on Redis. What it begins with is the log of installations, which intake writes.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Deletion, DeletionLedger } from '../engine/port/deletion.ts';
import { callRedis } from './call-redis.ts';
import { openScripts, type ScriptOptions } from './script.ts';

const Kept = z.object({
  id: z.string(),
  host: z.string(),
  installationId: z.number(),
  repositoryId: z.number().optional(),
  artifacts: z.array(z.string()).optional(),
  archives: z.array(z.string()).optional(),
  number: z.number().optional(),
  phase: z.enum(['records', 'files', 'done']),
  attempts: z.number(),
  error: z.string().optional(),
  askedAt: z.number(),
  dueAt: z.number(),
});

export function createDeletionLedger(redis: Redis, options: ScriptOptions): DeletionLedger {
  const { prefix } = options;
  const run = openScripts(redis, options);
  const keys = {
    cursor: `${prefix}:deletion:cursor`,
    ledger: `${prefix}:deletion:ledger`,
  };
  return {
    async readChanges(limit) {
      const cursor = (await callRedis(() => redis.get(keys.cursor))) ?? '-';
      const from = cursor === '-' ? '-' : `(${cursor}`;
      const entries = await callRedis(() => redis.xrange(`${prefix}:installation:log`, from, '+', 'COUNT', limit));
      const changes = entries.map(([id, fields]) => {
        const read = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
        return {
          id,
          installationId: Number(read('installation')),
          at: Number(id.split('-')[0]),
          change: JSON.parse(read('change')) as unknown,
        };
      });
      return { cursor, changes };
    },

    async collect(cursor, next, deletions) {
      const list = deletions.map((deletion) => {
        return { id: deletion.id, deletion: JSON.stringify(deletion), dueAt: deletion.dueAt };
      });
      return (await run('collect-deletions', [cursor, next, JSON.stringify(list)])) === 1;
    },

    async takeDue(limit, deferMs) {
      const taken = z.array(z.string()).parse(await run('take-due-deletions', [limit, deferMs]));
      return taken.map(parseDeletion);
    },

    async keep(deletion) {
      await run('keep-deletion', [deletion.id, JSON.stringify(deletion), deletion.dueAt]);
    },

    async forget(id) {
      await run('forget-deletion', [id]);
    },

    async list(limit) {
      const all = (await callRedis(() => redis.hvals(keys.ledger))).map(parseDeletion);
      return all.sort((a, b) => b.askedAt - a.askedAt || (a.id < b.id ? -1 : 1)).slice(0, limit);
    },
  };
}

function parseDeletion(text: string): Deletion {
  return Kept.parse(JSON.parse(text));
}
