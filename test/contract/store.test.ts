// The store's contract, on the real scripts and a real Redis.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../src/core/model/decision.ts';
import { type Event, toEventId } from '../../src/core/model/event.ts';
import { openRecord } from '../../src/core/model/record.ts';
import { type Repository, toSubjectId } from '../../src/core/model/subject.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { createStore } from '../../src/store/create-store.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

const repository: Repository = { host: 'github.test:8080', id: 7, owner: 'acme', name: 'errors', installationId: 3 };
let redis: TestRedis;
let store: StorePort;
let next = 100;

function freshNumber(): number {
  next += 1;
  return next;
}

beforeAll(async () => {
  redis = await startTestRedis();
  store = createStore(redis.connect(), { prefix: '{test}' });
});
afterAll(() => redis.stop());

function subjectOf(number: number) {
  return toSubjectId(repository.host, repository.id, number);
}

function comment(id: number, body = '/pilot run'): Event {
  const actor = { id: 1, login: 'mona', kind: 'person' } as const;
  return {
    kind: 'commented',
    commentId: id,
    body,
    actor,
    association: 'OWNER',
    thread: 1,
    isPullRequest: false,
    title: 'x',
  };
}

function intake(number: number, event: Event, more: { deliveryId?: string; isOnlyForKnown?: boolean } = {}) {
  return store.intake({
    deliveryId: more.deliveryId ?? `delivery-${toEventId(event)}-${number}`,
    hookId: 'hook',
    bodyHash: `hash-${toEventId(event)}`,
    subject: subjectOf(number),
    repository,
    events: [{ id: toEventId(event), event }],
    isOnlyForKnown: more.isOnlyForKnown ?? false,
  });
}

function decision(number: number, change: Partial<Decision> = {}): Decision {
  const record = openRecord(repository, number, { isPullRequest: false, title: 'x' });
  return { record, handled: [], log: [], outbox: [], aliases: [], ...change };
}

const action = (id: string) => ({ kind: 'add', action: { kind: 'present', id } }) as const;

describe('intake', () => {
  it('keeps a delivery once, and an event once whoever delivers it', async () => {
    const number = freshNumber();
    expect(await intake(number, comment(1))).toMatchObject({ kind: 'kept' });
    expect(await intake(number, comment(1))).toMatchObject({ kind: 'duplicate' });
    expect(await intake(number, comment(1), { deliveryId: 'another' })).toMatchObject({ kind: 'duplicate' });
    expect((await store.load(subjectOf(number))).inbox.map(({ eventId }) => eventId)).toEqual(['comment/1']);
  });

  it('keeps what matters to a known subject only where there is one', async () => {
    const number = freshNumber();
    expect(await intake(number, comment(1), { isOnlyForKnown: true })).toMatchObject({ kind: 'unknown_subject' });
    await intake(number, comment(2));
    expect(await intake(number, comment(3), { isOnlyForKnown: true })).toMatchObject({ kind: 'kept' });
  });

  it('makes the subject due', async () => {
    const number = freshNumber();
    await intake(number, comment(1));
    expect(await store.takeDue(100, 60_000)).toContain(subjectOf(number));
    expect(await store.takeDue(100, 60_000)).not.toContain(subjectOf(number));
  });
});

describe('save', () => {
  it('refuses a decision made on an older version and writes nothing of it', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    expect(await store.save(subject, 0, decision(number, { outbox: [action('present-1')] }))).toEqual({
      kind: 'saved',
      version: 1,
    });
    const late = decision(number, { outbox: [action('present-2')], log: [{ kind: 'x', text: 'late' }] });
    expect(await store.save(subject, 0, late)).toEqual({ kind: 'moved' });
    const loaded = await store.load(subject);
    expect(loaded.outbox.map((entry) => entry.action.id)).toEqual(['present-1']);
    expect(await store.readLog(subject, 0)).toEqual([]);
  });

  it('refuses an event that was handled before', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    await intake(number, comment(1));
    const { inbox } = await store.load(subject);
    const handled = inbox.map(({ entryId, eventId }) => ({ entryId, eventId }));
    expect(await store.save(subject, 0, decision(number, { handled }))).toMatchObject({ kind: 'saved' });
    expect(await store.save(subject, 1, decision(number, { handled }))).toEqual({
      kind: 'already_handled',
      eventId: 'comment/1',
    });
    expect((await store.load(subject)).inbox).toEqual([]);
    expect(await intake(number, comment(1), { deliveryId: 'redelivered-after' })).toMatchObject({ kind: 'duplicate' });
  });

  it('leaves nothing half-written when the script fails', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    const client = redis.connect();
    await client.set(`{test}:subject:${subject}:log`, 'not a stream');
    const torn = decision(number, { outbox: [action('present-1')], log: [{ kind: 'x', text: 'y' }] });
    await expect(store.save(subject, 0, torn)).rejects.toThrow(/WRONGTYPE/);
    const loaded = await store.load(subject);
    expect([loaded.version, loaded.record, loaded.outbox]).toEqual([0, undefined, []]);
  });

  it('44 event-ids: numbers the log without gaps under many writers', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    const write = async (writer: number) => {
      for (;;) {
        const { version } = await store.load(subject);
        const log = [0, 1].map((line) => ({ kind: 'x', text: `${writer}.${line}` }));
        if ((await store.save(subject, version, decision(number, { log }))).kind === 'saved') return;
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, writer) => write(writer)));
    const log = await store.readLog(subject, 0);
    expect(log.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
    expect(new Set(log.map(({ text }) => text)).size).toBe(64);
  });

  it('62 alias-window: moves what landed at an alias before it was known', async () => {
    const number = freshNumber();
    const pull = freshNumber();
    await store.save(subjectOf(number), 0, decision(number));
    await intake(pull, comment(77, '/pilot stop'));
    await store.save(subjectOf(number), 1, decision(number, { aliases: [pull] }));
    expect((await store.load(subjectOf(number))).inbox.map(({ eventId }) => eventId)).toEqual(['comment/77']);
    expect(await intake(pull, comment(78))).toEqual({ kind: 'kept', subject: subjectOf(number) });
    expect((await store.load(subjectOf(pull))).inbox).toEqual([]);
  });
});

describe('outbox', () => {
  it('39 claim-race: lets one of many begin an action', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    await store.save(subject, 0, decision(number, { outbox: [action('present-1')] }));
    const begun = await Promise.all(Array.from({ length: 10 }, () => store.begin(subject, 'present-1', 1, 10_000)));
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(begun.filter((answer) => answer.kind === 'refused' && answer.why === 'held')).toHaveLength(9);
  });

  it('never begins what was cancelled while it waited', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    await store.save(subject, 0, decision(number, { outbox: [action('present-1')] }));
    await store.save(subject, 1, decision(number, { outbox: [{ kind: 'cancel', id: 'present-1' }] }));
    expect(await store.begin(subject, 'present-1', 1, 10_000)).toEqual({ kind: 'refused', why: 'gone' });
  });

  it('tells the holder of a cancelled action at its next heartbeat', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    await store.save(subject, 0, decision(number, { outbox: [action('present-1')] }));
    const begun = await store.begin(subject, 'present-1', 1, 10_000);
    const token = begun.kind === 'begun' ? begun.token : '';
    expect(await store.heartbeat(subject, 'present-1', token, 10_000)).toBe('held');
    await store.save(subject, 1, decision(number, { outbox: [{ kind: 'cancel', id: 'present-1' }] }));
    expect(await store.heartbeat(subject, 'present-1', token, 10_000)).toBe('cancelled');
    expect((await store.load(subject)).outbox).toHaveLength(1);
  });

  it('fences the holder that was replaced', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    await store.save(subject, 0, decision(number, { outbox: [action('present-1')] }));
    // Its lease is over at once.
    const begun = await store.begin(subject, 'present-1', 1, 0);
    const token = begun.kind === 'begun' ? begun.token : '';
    await store.save(
      subject,
      1,
      decision(number, { outbox: [{ kind: 'redispatch', id: 'present-1', dispatch: 2, isSettling: false }] }),
    );
    expect(await store.heartbeat(subject, 'present-1', token, 10_000)).toBe('lost');
    expect(await store.begin(subject, 'present-1', 1, 10_000)).toEqual({ kind: 'refused', why: 'superseded' });
    expect(await store.begin(subject, 'present-1', 2, 10_000)).toMatchObject({ kind: 'begun' });
  });

  it('keeps actions in the order in which they were asked for, with empty lists as they were', async () => {
    const number = freshNumber();
    const subject = subjectOf(number);
    const integrate = { kind: 'integrate', id: 'a', runId: 'r1', batch: 0, onto: 'x', contributions: [] } as const;
    await store.save(
      subject,
      0,
      decision(number, { outbox: [action('z'), { kind: 'add', action: { ...integrate, contributions: [] } }] }),
    );
    expect((await store.load(subject)).outbox.map((entry) => entry.action)).toEqual([
      { kind: 'present', id: 'z' },
      integrate,
    ]);
  });
});
