// Records as they are read, saved, listed and ended.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ChoresRecord } from '../core/model/chores.ts';
import type { LogEntry } from '../core/model/decision.ts';
import { GroupRecord } from '../core/model/group.ts';
import { LaneRecord } from '../core/model/lane.ts';
import { migrateChores, migrateGroup, migrateLane, migrateRecord } from '../core/model/migrate-record.ts';
import { SubjectRecord } from '../core/model/record.ts';
import { RecordId, SubjectId } from '../core/model/subject.ts';
import type { SaveResult, StorePort } from '../engine/port/store.ts';
import { callRedis } from './call-redis.ts';
import { parseLoaded } from './parse-loaded.ts';
import { renderDecision } from './render-decision.ts';
import type { RunScript } from './script.ts';

const farewell: LogEntry = { kind: 'deleted', text: 'everything that was kept of this was deleted' };
const SaveAnswer = z.union([
  z.tuple([z.literal('saved'), z.coerce.number()]),
  z.tuple([z.literal('moved')]),
  z.tuple([z.literal('already_handled'), z.string()]),
  z.tuple([z.literal('full'), z.string()]),
  z.tuple([z.literal('over'), z.string(), z.coerce.number(), z.coerce.number()]),
]);

const subjects = { migrate: migrateRecord, parse: (value: unknown) => SubjectRecord.parse(value) };
const groups = { migrate: migrateGroup, parse: (value: unknown) => GroupRecord.parse(value) };
const lanes = { migrate: migrateLane, parse: (value: unknown) => LaneRecord.parse(value) };
const chores = { migrate: migrateChores, parse: (value: unknown) => ChoresRecord.parse(value) };

export function createRecords(
  redis: Redis,
  { prefix, run }: { prefix: string; run: RunScript },
): Pick<
  StorePort,
  'load' | 'loadLane' | 'loadGroup' | 'loadChores' | 'readTold' | 'save' | 'remove' | 'listSubjects' | 'listRecords'
> {
  return {
    load: async (subject) => parseLoaded(await run('load', [subject]), subjects),
    loadLane: async (lane) => parseLoaded(await run('load', [lane]), lanes),
    loadGroup: async (group) => parseLoaded(await run('load', [group]), groups),
    loadChores: async (id) => parseLoaded(await run('load', [id]), chores),

    async readTold(record) {
      const told = await callRedis(() => redis.hget(`${prefix}:subject:${record}:record`, 'told'));
      return z.coerce
        .number()
        .int()
        .parse(told ?? 0);
    },

    async save(record, expectedVersion, decision) {
      const answer = await run('save', [record, expectedVersion, renderDecision(record, decision)]);
      return toSaveResult(SaveAnswer.parse(answer));
    },

    async remove(record, version) {
      return (await run('remove', [record, JSON.stringify(farewell), version ?? ''])) === 1;
    },

    async listSubjects(limit, skip = 0) {
      if (limit < 1) return [];
      return z
        .array(SubjectId)
        .parse(await callRedis(() => redis.zrevrange(`${prefix}:subjects`, skip, skip + limit - 1)));
    },

    async listRecords(host, repositoryId) {
      const names = await callRedis(() => redis.smembers(`${prefix}:repository:${host}/${repositoryId}`));
      return names.sort().flatMap((name) => RecordId.safeParse(name).data ?? []);
    },
  };
}

function toSaveResult(answer: z.infer<typeof SaveAnswer>): SaveResult {
  switch (answer[0]) {
    case 'saved':
      return { kind: 'saved', version: answer[1] };
    case 'moved':
      return { kind: 'moved' };
    case 'full':
      return { kind: 'full', name: answer[1] };
    case 'over':
      return { kind: 'over', pot: answer[1], held: { committed: answer[2], open: answer[3] } };
    case 'already_handled':
      return { kind: 'already_handled', eventId: answer[1] };
  }
}
