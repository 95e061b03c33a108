// The operator's API on a store of its own, in this process: what an operator with curl would reach.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRecord, type SubjectRecord } from '../../src/core/model/record.ts';
import { type Repository, type SubjectId, toSubjectId } from '../../src/core/model/subject.ts';
import { createDeadLetters } from '../../src/engine/dead-letters.ts';
import type { AnswersPort } from '../../src/engine/port/answers.ts';
import type { AuditPort } from '../../src/engine/port/audit.ts';
import type { ClockPort } from '../../src/engine/port/clock.ts';
import type { DeletionLedger } from '../../src/engine/port/deletion.ts';
import type { QueuePort } from '../../src/engine/port/queue.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { createAnswers } from '../../src/store/create-answers.ts';
import { createAudit } from '../../src/store/create-audit.ts';
import { createDeletionLedger } from '../../src/store/create-deletion-ledger.ts';
import { createStore } from '../../src/store/create-store.ts';
import { createLogFeed, type LogFeed } from '../../src/store/log-feed.ts';
import type { AdminPorts } from '../../src/web/admin/call.ts';
import { type RunningAdmin, startAdmin } from '../../src/web/admin/start-admin.ts';
import type { StreamOptions } from '../../src/web/admin/stream-events.ts';
import { createMemoryOfLost } from '../support/lost-deliveries.ts';
import { quiet } from '../support/quiet.ts';
import type { TestRedis } from '../support/redis.ts';

export const prefix = '{test}';
export const repository: Repository = {
  host: 'git.test:8080',
  id: 7,
  owner: 'acme',
  name: 'errors',
  installationId: 3,
};

export const realClock: ClockPort = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};

export interface AdminStage {
  readonly admin: RunningAdmin;
  readonly store: StorePort;
  readonly feed: LogFeed;
  readonly deletions: DeletionLedger;
  readonly audit: AuditPort;
  readonly url: string;
  subject(number: number): SubjectId;
  pathOf(number: number): string;
  /** Opens the subject's record and writes lines into its log. */
  write(number: number, lines: readonly string[], change?: Partial<SubjectRecord>): Promise<void>;
  stop(): Promise<void>;
}

interface StageOptions {
  readonly store?: Partial<StorePort>;
  readonly answers?: AnswersPort;
  readonly queue?: Partial<QueuePort>;
  readonly streams?: Partial<StreamOptions>;
  readonly artifacts?: AdminPorts['artifacts'];
  readonly forget?: AdminPorts['forget'];
}

export async function startAdminStage(redis: TestRedis, options: StageOptions = {}): Promise<AdminStage> {
  const client = redis.connect();
  const store = { ...createStore(client, { prefix }), ...options.store };
  const deletions = createDeletionLedger(client, { prefix });
  const audit = createAudit(client, { prefix });
  const feed = createLogFeed(client, { prefix, log: quiet });
  const queue: QueuePort = {
    wake: async () => undefined,
    dispatch: async () => undefined,
    wakeAfresh: async () => undefined,
    ...options.queue,
  };
  const admin = await startAdmin({
    host: '127.0.0.1',
    port: 0,
    store,
    queue,
    answers: options.answers ?? createAnswers(client, { prefix }),
    artifacts: options.artifacts ?? { read: async () => undefined },
    deadLetters: createDeadLetters({ store, lost: createMemoryOfLost(), queue, log: quiet }),
    feed,
    deletions,
    audit,
    forget: options.forget ?? (async () => ({ kind: 'unknown' })),
    clock: realClock,
    log: quiet,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    streams: options.streams ?? {},
  });
  const subject = (number: number) => toSubjectId(repository.host, repository.id, number);
  return {
    admin,
    audit,
    store,
    feed,
    deletions,
    url: `http://127.0.0.1:${admin.port}`,
    subject,
    pathOf: (number) => `/api/repositories/${encodeURIComponent(repository.host)}/${repository.id}/subjects/${number}`,
    async write(number, lines, change = {}) {
      const { version, record } = await store.load(subject(number));
      const next = {
        ...(record ?? openRecord(repository, number, { isPullRequest: false, title: 'A title' })),
        ...change,
      };
      const log = lines.map((text) => ({ kind: 'line', text }));
      await store.save(subject(number), version, { record: next, handled: [], log, outbox: [], aliases: [] });
    },
    async stop() {
      await admin.close();
      await feed.close();
    },
  };
}
