// The operator's API on the whole store: requests kept once, answers kept with their effect, and the end of a record.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { QueuePort } from '../../src/engine/port/queue.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { type AdminStage, startAdminStage } from './admin-stage.ts';
import { openEvents } from './event-client.ts';

let redis: TestRedis;
let stage: AdminStage;
let isDeciding = true;
beforeAll(async () => {
  redis = await startTestRedis();
  stage = await startAdminStage(redis, { queue: { wake: (record) => decide(record) } });
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
});

/** Whoever is woken takes what is in the inbox, and answers with the effect. */
async function decide(subject: Parameters<QueuePort['wake']>[0]): Promise<void> {
  const { inbox, version, record } = await stage.store.load(subject as ReturnType<AdminStage['subject']>);
  if (!record || !isDeciding) return;
  const answers = inbox.flatMap(({ event }) =>
    event.kind === 'requested'
      ? [{ key: event.key, answer: { outcome: 'done', text: `${event.command} is done` } as const }]
      : [],
  );
  const handled = inbox.map(({ entryId, eventId }) => ({ entryId, eventId }));
  const log = answers.map(({ key }) => ({ kind: 'requested', text: key }));
  await stage.store.save(subject, version, { record, handled, log, outbox: [], aliases: [], answers });
}

async function post(number: number, key: string, command = 'stop'): Promise<string> {
  const response = await fetch(`${stage.url}${stage.pathOf(number)}/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ command }),
  });
  return `${response.status} ${await response.text()}`;
}

it('has one effect of many requests with one key, and gives all of them the same answer', async () => {
  await stage.write(1, ['one']);
  const all = await Promise.all(Array.from({ length: 20 }, () => post(1, 'k-1')));
  expect(new Set(all).size).toBe(1);
  expect(all[0]).toContain('"text":"stop is done"');
  expect(await post(1, 'k-1')).toBe(all[0]);
  expect((await stage.store.readLog(stage.subject(1), 0)).map(({ text }) => text)).toEqual([
    'one',
    `${stage.subject(1)}/k-1`,
  ]);
  expect(await post(1, 'k-1', 'merge')).toContain('idempotency_key_reused');
  expect(await post(2, 'k-2')).toContain('unknown_subject');
});

it('knows a key of one subject only: the same key elsewhere is another request', async () => {
  for (const number of [11, 12]) await stage.write(number, ['one']);
  const ask = async (number: number) => await (await fetch(`${stage.url}${stage.pathOf(number)}/commands/k-11`)).json();
  expect(await post(11, 'k-11')).toContain('"text":"stop is done"');
  expect(await ask(12)).toMatchObject({ error: { code: 'not_found' } });
  expect(await post(12, 'k-11', 'retry')).toContain('"text":"retry is done"');
  expect(await ask(11)).toMatchObject({ subject: stage.subject(11), answer: { text: 'stop is done' } });
});

it('gives the same answer where the subject has become part of another one since', async () => {
  await stage.write(13, ['one']);
  await stage.write(14, ['one']);
  const first = await post(13, 'k-13');
  const { version, record } = await stage.store.load(stage.subject(14));
  if (!record) throw new Error('it was written');
  await stage.store.save(stage.subject(14), version, { record, handled: [], log: [], outbox: [], aliases: [13] });
  expect(await post(13, 'k-13')).toBe(first);
});

it('tells how a request stands that was not decided in time', async () => {
  await stage.write(3, ['one']);
  isDeciding = false;
  expect(await post(3, 'k-3')).toMatch(/^202 /);
  const ask = async () => await (await fetch(`${stage.url}${stage.pathOf(3)}/commands/k-3`)).json();
  expect(await ask()).toMatchObject({ state: 'pending' });
  isDeciding = true;
  await decide(stage.subject(3));
  expect(await ask()).toMatchObject({ state: 'answered', answer: { outcome: 'done' } });
});

it('ends the streams of a subject that is removed, and starts clean when it comes back', async () => {
  await stage.write(4, ['one', 'two']);
  const url = `${stage.url}${stage.pathOf(4)}/events`;
  const client = await openEvents(url);
  await until(async () => (client.received.length === 2 ? true : undefined));
  await stage.store.remove(stage.subject(4));
  await client.ended;
  expect(client.received.at(-1)?.event).toBe('deleted');
  const late = await openEvents(url, client.received[0]?.id);
  await late.ended;
  expect(late.received.at(-1)?.event).toBe('deleted');
  await stage.write(4, ['a new life']);
  const anew = await openEvents(url, client.received.at(-1)?.id);
  await until(async () => (anew.received.length === 1 ? true : undefined));
  expect(anew.received[0]?.data.text).toBe('a new life');
});

it('trims a log in the save that archives, and tells an old cursor', async () => {
  await stage.write(5, ['one', 'two', 'three']);
  const url = `${stage.url}${stage.pathOf(5)}/events`;
  const client = await openEvents(url);
  await until(async () => (client.received.length === 3 ? true : undefined));
  const { version, record } = await stage.store.load(stage.subject(5));
  if (!record) throw new Error('it was written');
  const log = [{ kind: 'archived', text: 'archived' }];
  await stage.store.save(stage.subject(5), version, {
    record,
    handled: [],
    log,
    outbox: [],
    aliases: [],
    trimLogBefore: 4,
  });
  await until(async () => (client.received.length === 4 ? true : undefined));
  expect(client.received.map(({ event }) => event)).toEqual(['message', 'message', 'message', 'message']);
  const old = await openEvents(url, client.received[0]?.id);
  await until(async () => (old.received.length === 2 ? true : undefined));
  expect(old.received.map(({ event, data }) => [event, data.floor ?? data.text])).toEqual([
    ['trimmed', 4],
    ['message', 'archived'],
  ]);
});
