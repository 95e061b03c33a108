// The store on Redis. All keys share one hash tag, so that one script may touch all of a subject.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Decision } from '../core/model/decision.ts';
import { Event } from '../core/model/event.ts';
import { SubjectRecord } from '../core/model/record.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import { RecordId, Repository, SubjectId, toSubjectId } from '../core/model/subject.ts';
import type { LoadedSubject, LoggedEvent, SaveResult, StorePort } from '../engine/port/store.ts';
import { parseOutbox } from './parse-outbox.ts';
import { readScript, runScript } from './script.ts';

const scripts = {
  intake: readScript('intake'),
  intakeInstallation: readScript('intake-installation'),
  append: readScript('append'),
  load: readScript('load'),
  save: readScript('save'),
  begin: readScript('begin'),
  heartbeat: readScript('heartbeat'),
  takeDue: readScript('take-due'),
  lookAgainAt: readScript('look-again-at'),
};

/** A delivery may be redelivered for three days; we remember it somewhat longer. */
const deliveryTtlSeconds = 74 * 3600;
const liveLinesKept = 500;

const StreamEntries = z.array(z.tuple([z.string(), z.array(z.string())]));
const Loaded = z.tuple([z.string(), z.string(), z.string(), StreamEntries, z.array(z.string())]);
const StringTuple = z.array(z.string());

export function createStore(redis: Redis, options: { prefix: string }): StorePort {
  const { prefix } = options;
  const keyOf = (subject: string, part: string) => `${prefix}:subject:${subject}:${part}`;
  return {
    async intake({ deliveryId, hookId, subject, repository, events, isOnlyForKnown }) {
      const pairs = events.flatMap(({ id, event }) => [id, JSON.stringify(event)]);
      const args = [
        prefix,
        `${deliveryId}:${hookId}`,
        deliveryTtlSeconds,
        subject,
        JSON.stringify(repository),
        isOnlyForKnown ? 1 : 0,
        ...pairs,
      ];
      const [kind, holder] = StringTuple.parse(await runScript(redis, scripts.intake, args));
      return { kind: z.enum(['kept', 'duplicate', 'unknown_subject']).parse(kind), subject: SubjectId.parse(holder) };
    },

    async intakeInstallation({ deliveryId, hookId, installationId, change }) {
      const args = [prefix, `${deliveryId}:${hookId}`, deliveryTtlSeconds, installationId, JSON.stringify(change)];
      return (await runScript(redis, scripts.intakeInstallation, args)) === 'kept' ? 'kept' : 'duplicate';
    },

    async append(subject, id, event) {
      return (await runScript(redis, scripts.append, [prefix, subject, id, JSON.stringify(event)])) === 1;
    },

    async load(subject) {
      return toLoaded(Loaded.parse(await runScript(redis, scripts.load, [prefix, subject])));
    },

    async save(subject, expectedVersion, decision) {
      const args = [prefix, subject, expectedVersion, renderDecision(subject, decision)];
      return toSaveResult(StringTuple.parse(await runScript(redis, scripts.save, args)));
    },

    async begin(subject, actionId, dispatch, leaseMs) {
      const token = randomUUID();
      const args = [prefix, subject, actionId, dispatch, token, leaseMs];
      const [kind, first, action, settling] = StringTuple.parse(await runScript(redis, scripts.begin, args));
      if (kind !== 'begun')
        return { kind: 'refused', why: z.enum(['gone', 'held', 'superseded', 'early']).parse(first) };
      const fields = [
        'action',
        action ?? '',
        'dispatch',
        String(dispatch),
        'state',
        'begun',
        'token',
        token,
        'lease',
        first ?? '',
        'settling',
        settling ?? '0',
      ];
      const [entry] = parseOutbox(fields.map((field, index) => (index % 2 === 0 ? `${actionId}|${field}` : field)));
      if (!entry) throw new Error(`begin of ${actionId} returned no entry`);
      return { kind: 'begun', token, entry };
    },

    async heartbeat(subject, actionId, token, leaseMs) {
      const answer = await runScript(redis, scripts.heartbeat, [prefix, subject, actionId, token, leaseMs]);
      return z.enum(['held', 'cancelled', 'lost']).parse(answer);
    },

    async takeDue(limit, deferMs) {
      const due = z.array(z.string()).parse(await runScript(redis, scripts.takeDue, [prefix, limit, deferMs]));
      // One name that cannot be read must not keep the others waiting.
      return due.flatMap((name) => RecordId.safeParse(name).data ?? []);
    },

    async lookAgainAt(record, moment, version) {
      const args = [prefix, record, moment ?? '', version ?? ''];
      return (await runScript(redis, scripts.lookAgainAt, args)) === 1;
    },

    async readLog(subject, after) {
      const entries = await redis.xrange(keyOf(subject, 'log'), `(${after}-1`, '+');
      return entries.map(([id, fields]) => toLogged(id, fields));
    },

    async listSubjects(limit, skip = 0) {
      return z.array(SubjectId).parse(await redis.zrevrange(`${prefix}:subjects`, skip, skip + limit - 1));
    },

    async appendLive(subject, actionId, line) {
      const key = keyOf(subject, `live:${actionId}`);
      await redis.xadd(key, 'MAXLEN', '~', liveLinesKept, '*', 'line', line);
      await redis.expire(key, 24 * 3600);
    },

    async readLive(subject, actionId, after) {
      const entries = await redis.xrange(keyOf(subject, `live:${actionId}`), after === '' ? '-' : `(${after}`, '+');
      return entries.map(([id, fields]) => ({ id, line: fields[1] ?? '' }));
    },

    loadLane: async () => notBuilt(),
    countTrouble: async () => notBuilt(),
    park: async () => notBuilt(),
    listParked: async () => notBuilt(),
    replayParked: async () => notBuilt(),
    takeTokens: async () => notBuilt(),
    reserve: async () => notBuilt(),
    settle: async () => notBuilt(),
    claim: async () => notBuilt(),
    submit: async () => notBuilt(),
    readLogSlice: async () => notBuilt(),
    listRecords: async () => notBuilt(),
    remove: async () => notBuilt(),

    async isReady() {
      return redis.status === 'ready' && (await redis.ping()) === 'PONG';
    },

    async close() {
      await redis.quit();
    },
  };
}

function toLoaded([now, version, record, inbox, outbox]: z.infer<typeof Loaded>): LoadedSubject {
  return {
    now: Number(now),
    version: Number(version),
    record: record === '' ? undefined : SubjectRecord.parse(JSON.parse(record)),
    isNewer: false,
    unreadable: [],
    inbox: inbox.map(([entryId, fields]) => toInboxEntry(entryId, fields)),
    outbox: parseOutbox(outbox),
  };
}

function toInboxEntry(entryId: string, fields: readonly string[]): InboxEntry {
  const read = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  const repository = fields.includes('repository') ? Repository.parse(JSON.parse(read('repository'))) : undefined;
  const event = Event.parse(JSON.parse(read('event')));
  return { entryId, eventId: read('id'), event, ...(repository ? { repository } : {}) };
}

/** JSON inside JSON: the script passes records, actions and log lines on as the strings that they are here. */
function renderDecision(subject: RecordId, decision: Decision<unknown>): string {
  const [host = '', repositoryId = ''] = subject.split('/');
  return JSON.stringify({
    record: JSON.stringify(decision.record),
    handled: decision.handled.map(({ entryId, eventId }) => ({ entry: entryId, id: eventId })),
    log: decision.log.map((entry) => JSON.stringify(entry)),
    outbox: decision.outbox.map((change) =>
      change.kind === 'add' ? { ...change, id: change.action.id, action: JSON.stringify(change.action) } : change,
    ),
    aliases: decision.aliases.map((number) => toSubjectId(host, Number(repositoryId), number)),
    ...(decision.wakeAt === undefined ? {} : { wakeAt: decision.wakeAt }),
  });
}

function toSaveResult([kind, detail]: readonly string[]): SaveResult {
  switch (kind) {
    case 'saved':
      return { kind: 'saved', version: Number(detail) };
    case 'moved':
      return { kind: 'moved' };
    case 'already_handled':
      return { kind: 'already_handled', eventId: detail ?? '' };
    default:
      throw new Error(`the save script answered "${kind}"`);
  }
}

const LogLine = z.object({ kind: z.string(), text: z.string(), data: z.record(z.string(), z.unknown()).optional() });

function toLogged(id: string, fields: readonly string[]): LoggedEvent {
  const { kind, text, data } = LogLine.parse(JSON.parse(fields[fields.indexOf('entry') + 1] ?? 'null'));
  const sequence = Number(id.split('-')[0]);
  return { sequence, at: Number(fields[fields.indexOf('at') + 1]), kind, text, ...(data ? { data } : {}) };
}

function notBuilt(): never {
  throw new Error('not built yet');
}
