// The stream of a subject's log: everything, in order, once; over reconnects, processes, trims and removals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { type AdminStage, prefix, startAdminStage } from './admin-stage.ts';
import { type EventClient, openEvents, type Received } from './event-client.ts';

let redis: TestRedis;
let stage: AdminStage;
beforeAll(async () => {
  redis = await startTestRedis();
});
beforeEach(async () => {
  stage = await startAdminStage(redis);
});
afterEach(async () => {
  await stage.stop();
});
afterAll(async () => {
  await redis.stop();
});

let next = 0;
function freshNumber(): number {
  next += 1;
  return next;
}

function open(number: number, lastEventId?: string, server: Pick<AdminStage, 'url'> = stage): Promise<EventClient> {
  return openEvents(`${server.url}${stage.pathOf(number)}/events`, lastEventId);
}

async function has(client: EventClient, count: number): Promise<readonly Received[]> {
  return await until(
    async () => (client.received.length >= count ? client.received : undefined),
    async () => `${client.received.length} of ${count}: ${JSON.stringify(client.received.slice(-3))}`,
  );
}

const textsOf = (received: readonly Received[]) => received.map(({ data }) => data.text);
const sequencesOf = (received: readonly Received[]) => received.map(({ data }) => data.sequence);
const logKey = (number: number) => `${prefix}:subject:${stage.subject(number)}:log`;

describe('a stream', () => {
  it('begins with everything that is in the log and goes on with what comes', async () => {
    const number = freshNumber();
    await stage.write(number, ['one', 'two']);
    const client = await open(number);
    await has(client, 2);
    await stage.write(number, ['three']);
    expect(textsOf(await has(client, 3))).toEqual(['one', 'two', 'three']);
    expect(sequencesOf(client.received)).toEqual([1, 2, 3]);
  });

  it('goes on after the event that the client saw last', async () => {
    const number = freshNumber();
    await stage.write(number, ['one', 'two', 'three']);
    const first = await open(number);
    const [, second] = await has(first, 3);
    expect(textsOf(await has(await open(number, second?.id), 1))).toEqual(['three']);
  });

  it.each(['of another subject', 'that is none', 'of a life before'])('starts anew on a cursor %s', async (kind) => {
    const number = freshNumber();
    await stage.write(number, ['one', 'two']);
    const cursors: Record<string, string> = {
      'of another subject': `${stage.subject(number + 1)}:1:0`,
      'that is none': '17',
      'of a life before': `${stage.subject(number)}:1:12345`,
    };
    expect(textsOf(await has(await open(number, cursors[kind]), 2))).toEqual(['one', 'two']);
  });

  it('names from where the log is kept when the cursor is older', async () => {
    const number = freshNumber();
    await stage.write(number, ['one', 'two', 'three', 'four']);
    const [first] = await has(await open(number), 4);
    await redis.connect().xtrim(logKey(number), 'MINID', '4-0');
    const client = await open(number, first?.id);
    const [trimmed, kept] = await has(client, 2);
    expect([trimmed?.event, trimmed?.data.floor, kept?.data.text]).toEqual(['trimmed', 4, 'four']);
    // Its own place is a cursor as well.
    expect(textsOf(await has(await open(number, trimmed?.id), 1))).toEqual(['four']);
  });

  it('says so when all of the log is trimmed away', async () => {
    const number = freshNumber();
    await stage.write(number, ['one', 'two']);
    await redis.connect().xtrim(logKey(number), 'MAXLEN', 0);
    const client = await open(number);
    expect((await has(client, 1)).map(({ event, data }) => [event, data.floor])).toEqual([['trimmed', 3]]);
    await stage.write(number, ['three']);
    expect((await has(client, 2))[1]?.data.text).toBe('three');
  });

  it('ends with an event of its own when the subject is removed', async () => {
    const number = freshNumber();
    await stage.write(number, ['one']);
    const client = await open(number);
    const [first] = await has(client, 1);
    await redis.connect().xadd(logKey(number), '2-1', 'at', 2, 'entry', '{"kind":"deleted","text":""}');
    await client.ended;
    expect(client.received.map(({ event }) => event)).toEqual(['message', 'deleted']);
    // Whoever comes back later hears the same.
    await redis.connect().del(logKey(number), `${prefix}:subject:${stage.subject(number)}:record`);
    const late = await open(number, first?.id);
    await late.ended;
    expect(late.received.map(({ event }) => event)).toEqual(['deleted']);
    expect((await fetch(`${stage.url}${stage.pathOf(number)}/events`)).status).toBe(404);
  });

  it('shows whoever begins the life that the subject has now, and the end of the other to whoever saw it', async () => {
    const number = freshNumber();
    await stage.write(number, ['one']);
    const [first] = await has(await open(number), 1);
    await redis.connect().xadd(logKey(number), '2-1', 'at', 2, 'entry', '{"kind":"deleted","text":"gone"}');
    await redis.connect().hset(`${prefix}:subject:${stage.subject(number)}:record`, 'sequence', 2);
    await stage.write(number, ['again']);
    expect(textsOf(await has(await open(number), 3))).toEqual(['one', 'gone', 'again']);
    const old = await open(number, first?.id);
    await old.ended;
    expect(old.received.map(({ event }) => event)).toEqual(['deleted']);
    expect(textsOf(await has(await open(number, old.received[0]?.id), 1))).toEqual(['again']);
  });

  it('ends when the log vanished without a word', async () => {
    const number = freshNumber();
    await stage.write(number, ['one']);
    const client = await open(number);
    await has(client, 1);
    await redis.connect().del(logKey(number), `${prefix}:subject:${stage.subject(number)}:record`);
    await client.ended;
    expect(client.received.at(-1)?.event).toBe('deleted');
  });

  it('shows no secret that stands in a log', async () => {
    const number = freshNumber();
    await stage.write(number, [`found ghp_${'a'.repeat(36)}`]);
    expect(textsOf(await has(await open(number), 1))).toEqual(['found [redacted]']);
  });
});

describe('many streams', () => {
  it('give every client the log exactly, whoever writes, whichever server they come back to and however often they are cut off', async () => {
    // As another web process has it: connections to Redis and a feed of its own.
    const other = await startAdminStage(redis);
    const number = freshNumber();
    const [writers, lines, readers] = [3, 60, 6];
    const total = writers * lines;
    await stage.write(number, ['first']);
    const script = join(import.meta.dirname, 'log-writer-main.ts');
    const running = Array.from({ length: writers }, (_, writer) =>
      spawn(process.execPath, [script, redis.url, prefix, stage.subject(number), `w${writer}`, String(lines)]),
    );
    const exits = Promise.all(running.map((child) => once(child, 'exit')));
    const read = async (reader: number) => {
      const all: Received[] = [];
      for (let turn = reader; all.length < total + 1; turn += 1) {
        const client = await open(number, all.at(-1)?.id, turn % 2 === 0 ? stage : other);
        // Cut off after a number of events that is another one for every reader and time.
        const cut = ((reader * 7 + all.length * 13) % 23) + 1;
        const got = await has(client, Math.min(cut, total + 1 - all.length));
        client.disconnect();
        await client.ended;
        all.push(...got);
      }
      return all;
    };
    const seen = await Promise.all(Array.from({ length: readers }, (_, reader) => read(reader)));
    expect((await exits).map(([code]: unknown[]) => code)).toEqual(running.map(() => 0));
    const log = await stage.store.readLog(stage.subject(number), 0);
    expect(log).toHaveLength(total + 1);
    for (const all of seen) {
      expect(sequencesOf(all)).toEqual(log.map(({ sequence }) => sequence));
      expect(textsOf(all)).toEqual(log.map(({ text }) => text));
    }
    await other.stop();
  });

  it('take two connections to Redis together, and give everything back when the clients go', async () => {
    const client = redis.connect();
    const numbers = Array.from({ length: 20 }, freshNumber);
    for (const number of numbers) await stage.write(number, ['one']);
    const before = await countConnections(client);
    const clients = await Promise.all(Array.from({ length: 200 }, (_, index) => open(numbers[index % 20] ?? 0)));
    await Promise.all(clients.map((each) => has(each, 1)));
    for (const number of numbers) await stage.write(number, ['two']);
    await Promise.all(clients.map((each) => has(each, 2)));
    // The one that the store has always had, and one that waits.
    expect((await countConnections(client)) - before).toBe(1);
    expect([stage.admin.countStreams(), stage.feed.countListeners()]).toEqual([200, 200]);
    // Nothing is written any more: going is enough.
    for (const each of clients) each.disconnect();
    await until(async () => (stage.admin.countStreams() === 0 ? true : undefined));
    expect(stage.feed.countListeners()).toBe(0);
  });

  it('are told of a log that is followed for the first time while the reader waits', async () => {
    const [first, second] = [freshNumber(), freshNumber()];
    await stage.write(first, ['one']);
    await stage.write(second, ['uno']);
    await has(await open(first), 1);
    const client = await open(second);
    await has(client, 1);
    await stage.write(second, ['due']);
    expect(textsOf(await has(client, 2))).toEqual(['uno', 'due']);
  });
});

describe('a client', () => {
  it('that takes nothing is dropped and not waited for', async () => {
    const slow = await startAdminStage(redis, { streams: { bufferedBytesAtMost: 64 * 1024, heartbeatMs: 50 } });
    const number = freshNumber();
    await slow.write(number, ['one']);
    const socket = connect(slow.admin.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET ${slow.pathOf(number)}/events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    await until(async () => (slow.feed.countListeners() === 1 ? true : undefined));
    const line = 'x'.repeat(100_000);
    await until(async () => {
      await slow.write(
        number,
        Array.from({ length: 10 }, () => line),
      );
      return slow.admin.countStreams() === 0 ? true : undefined;
    });
    expect(slow.feed.countListeners()).toBe(0);
    socket.destroy();
    await slow.stop();
  });

  it('hears now and then that the stream lives', async () => {
    const lively = await startAdminStage(redis, { streams: { heartbeatMs: 20 } });
    const number = freshNumber();
    await lively.write(number, ['one']);
    const response = await fetch(`${lively.url}${lively.pathOf(number)}/events`);
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array);
      if (text.split(': beat').length > 3) break;
    }
    expect(text).toContain('retry: 1000');
    await lively.stop();
  });

  it('finds its stream closed when the server ends', async () => {
    const ending = await startAdminStage(redis);
    const number = freshNumber();
    await ending.write(number, ['one']);
    const client = await openEvents(`${ending.url}${ending.pathOf(number)}/events`);
    await has(client, 1);
    await Promise.all([ending.stop(), client.ended]);
    expect(ending.feed.countListeners()).toBe(0);
  });
});

async function countConnections(client: ReturnType<TestRedis['connect']>): Promise<number> {
  return String(await client.client('LIST'))
    .trim()
    .split('\n').length;
}
