// Rules are told once and hold for both: the scripts on a real Redis and the store in memory. The test owns the clock.
import { afterAll, beforeAll, describe } from 'vitest';
import { type Event, toEventId } from '../../src/core/model/event.ts';
import { type RecordId, type SubjectId, toSubjectId } from '../../src/core/model/subject.ts';
import type { BeginResult, StorePort } from '../../src/engine/port/store.ts';
import { createStore } from '../../src/store/create-store.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { createSimulatedStore } from '../support/simulated-store.ts';
import { host } from './history.ts';
import { loadAny, recordOf, repositoryOf } from './side.ts';

export const subject = toSubjectId(host, 7, 1);
export const other = toSubjectId(host, 7, 2);
export const pull = toSubjectId(host, 7, 12);
export const hoursMs = 3_600_000;

export class Stage {
  readonly store: StorePort;
  readonly clock: { time: number };

  constructor(open: (clock: { now(): number }) => StorePort) {
    const clock = { time: Date.UTC(2100, 0) };
    this.clock = clock;
    this.store = open({ now: () => clock.time });
  }

  pass(ms: number): void {
    this.clock.time += ms;
  }

  intake(at: SubjectId, event: Event, more: { deliveryId?: string; bodyHash?: string } = {}) {
    return this.store.intake({
      deliveryId: more.deliveryId ?? `delivery of ${toEventId(event)}`,
      hookId: 'hook',
      bodyHash: more.bodyHash ?? 'hash',
      subject: at,
      repository: repositoryOf(at),
      events: [{ id: toEventId(event), event }],
      isOnlyForKnown: false,
    });
  }

  /** Decides on what is there: handles it all unless the change says otherwise. */
  async save(at: RecordId, change: Partial<Parameters<StorePort['save']>[2]> = {}) {
    const { version, inbox } = await loadAny(this.store, at);
    const handled = inbox.map(({ entryId, eventId }) => ({ entryId, eventId }));
    const decision = { record: recordOf(at), handled, log: [], outbox: [], aliases: [], ...change };
    return this.store.save(at, version, decision);
  }

  async add(at: RecordId, ...ids: string[]) {
    return this.save(at, { outbox: ids.map((id) => ({ kind: 'add', action: { kind: 'present', id } })) });
  }

  async listInbox(at: RecordId): Promise<string[]> {
    return (await loadAny(this.store, at)).inbox.map(({ eventId }) => eventId);
  }
}

export function tokenOf(begun: BeginResult): string {
  if (begun.kind === 'refused') throw new Error(`refused: ${begun.why}`);
  return begun.token;
}

export function forEachStore(define: (open: () => Stage) => void): void {
  describe('the scripts', () => {
    let redis: TestRedis;
    let opened = 0;
    beforeAll(async () => {
      redis = await startTestRedis();
    });
    afterAll(() => redis.stop());
    define(() => {
      opened += 1;
      return new Stage((clock) => createStore(redis.connect(), { prefix: `{each-${opened}}`, clock }));
    });
  });
  describe('the simulated store', () => define(() => new Stage((clock) => createSimulatedStore({ clock }))));
}
