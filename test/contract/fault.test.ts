// All or nothing, script by script. Redis keeps what a script wrote before an error, so a script is whole because it
// cannot fail after its first write. That is shown in three steps:
// 1. A fault at any call up to and with the first write leaves every key as it was, value for value.
// 2. After its first write a script only touches keys whose type it has seen before, or uses commands that every type
//    takes. The wrong type was found by then.
// 3. Whatever key it touches holds the wrong type: it fails and leaves every key as it was, or that key does not matter.
// A server without memory refuses a script at its first write or not at all. A server that dies in the middle is not
// shown here: its append-only file holds a script's writes as one transaction.
import { readdir, readFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeletionLedger } from '../../src/store/create-deletion-ledger.ts';
import { createFleet } from '../../src/store/create-fleet.ts';
import { createStore } from '../../src/store/create-store.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type FaultPorts, type FaultScene, faultScenes } from './fault-scenes.ts';
import { failAt, type ScriptCall, traceInto } from './faulty-client.ts';

const reads = new Set(
  [
    'EXISTS',
    'TYPE',
    'TIME',
    'GET',
    'HGET',
    'HGETALL',
    'HEXISTS',
    'HKEYS',
    'SCARD',
    'SISMEMBER',
    'SMEMBERS',
    'XLEN',
    'XRANGE',
    'XREVRANGE',
  ].concat(['ZCOUNT', 'ZRANGE', 'ZRANGEBYSCORE', 'ZSCORE']),
);
const takesEveryType = new Set(['EXISTS', 'TYPE', 'DEL', 'SET', 'PERSIST', 'EXPIRE', 'PEXPIREAT']);

let redis: TestRedis;
let client: Redis;
let arranged = 0;

beforeAll(async () => {
  redis = await startTestRedis();
  client = redis.connect();
  await client.config('SET', 'appendfsync', 'no');
});
afterAll(() => redis.stop());

async function arrange(scene: FaultScene) {
  arranged += 1;
  const prefix = `{fault-${arranged}}`;
  const act = await scene.arrange(openPorts(client, prefix));
  return { prefix, actOn: (faulty: Redis) => act(openPorts(faulty, prefix)) };
}

function openPorts(redis: Redis, prefix: string): FaultPorts {
  return {
    store: createStore(redis, { prefix }),
    ledger: createDeletionLedger(redis, { prefix }),
    fleet: createFleet(redis, { prefix }),
    storeAt: (moment) => createStore(redis, { prefix, clock: { now: () => moment } }),
  };
}

/** Every key with what it holds, in an order that does not hang on how the server keeps it. */
async function readAll(prefix: string): Promise<unknown> {
  const keys = (await client.keys(`${prefix}*`)).sort();
  return Promise.all(keys.map(async (key) => [key, await readKey(key), (await client.pttl(key)) >= 0]));
}

async function readKey(key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'string':
      return client.get(key);
    case 'list':
      return client.lrange(key, 0, -1);
    case 'hash':
      return client.hgetall(key);
    case 'set':
      return (await client.smembers(key)).sort();
    case 'zset':
      return client.zrange(key, '0', '-1', 'WITHSCORES');
    default:
      return client.xrange(key, '-', '+');
  }
}

/** A parked event is named after its place in the inbox, which is another one in every scene. */
async function findKey(prefix: string, key: string): Promise<string> {
  if (!key.includes('#')) return prefix + key;
  const [known] = await client.keys(`${prefix}${key.slice(0, key.indexOf('#'))}#*`);
  return known ?? prefix + key;
}

/** The calls of the script when nothing fails; keys without their prefix. */
async function trace(scene: FaultScene): Promise<readonly ScriptCall[]> {
  const { prefix, actOn } = await arrange(scene);
  let calls: readonly ScriptCall[] = [];
  const traced = traceInto(client, (made) => {
    calls = made;
  });
  await actOn(traced).catch(() => undefined);
  return calls.map(({ command, key }) => ({ command, key: key.replace(prefix, '') }));
}

describe.each(faultScenes)('$name', (scene) => {
  it('leaves nothing when a call fails, up to its first write', async () => {
    const calls = await trace(scene);
    const firstWrite = calls.findIndex(({ command }) => !reads.has(command));
    expect(firstWrite).toBeGreaterThan(0);
    for (let call = 1; call <= firstWrite + 1; call += 1) {
      const { prefix, actOn } = await arrange(scene);
      const before = await readAll(prefix);
      await expect(actOn(failAt(client, call))).rejects.toThrow('injected fault');
      expect(await readAll(prefix)).toEqual(before);
    }
  });

  it('touches nothing after its first write that it has not looked at before', async () => {
    const calls = await trace(scene);
    const firstWrite = calls.findIndex(({ command }) => !reads.has(command));
    const isTyped = ({ command }: ScriptCall) => command === 'TYPE' || !takesEveryType.has(command);
    const seen = new Set(
      calls
        .slice(0, firstWrite)
        .filter(isTyped)
        .map(({ key }) => key),
    );
    const unseen = calls.slice(firstWrite).filter(({ command, key }) => !takesEveryType.has(command) && !seen.has(key));
    expect(unseen).toEqual([]);
  });

  it('leaves nothing when a key holds something else', async () => {
    const keys = [...new Set((await trace(scene)).map(({ key }) => key))].filter((key) => key.startsWith(':'));
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      const { prefix, actOn } = await arrange(scene);
      const spoilt = await findKey(prefix, key);
      await client.multi().del(spoilt).rpush(spoilt, 'a list').exec();
      const before = await readAll(prefix);
      const outcome = await actOn(client).then(
        () => 'done',
        () => 'failed',
      );
      if (outcome === 'failed') expect(await readAll(prefix)).toEqual(before);
    }
  });
});

it('every script that writes has a scene here', async () => {
  const folder = new URL('../../src/store/script/', import.meta.url);
  const sources = await Promise.all(
    (await readdir(folder))
      .filter((name) => name.endsWith('.lua'))
      .map(async (name) => ({ name, source: await readFile(new URL(name, folder), 'utf8') })),
  );
  const played = new Set<string>();
  for (const scene of faultScenes) {
    const { actOn } = await arrange(scene);
    await actOn(traceInto(client, (_calls, source) => void played.add(source))).catch(() => undefined);
  }
  const isPlayed = (source: string) => [...played].some((whole) => whole.endsWith(source));
  const writing = sources.filter(({ source }) => source.includes('Nothing is written above this line'));
  expect(writing.length).toBeGreaterThan(15);
  expect(writing.filter(({ source }) => !isPlayed(source)).map(({ name }) => name)).toEqual([]);
});

it('a server without memory refuses a script before it has written anything', async () => {
  for (const scene of faultScenes) {
    const { prefix, actOn } = await arrange(scene);
    const before = await readAll(prefix);
    await client.config('SET', 'maxmemory', '1');
    const outcome = await actOn(client).then(
      () => 'done',
      (error: unknown) => String(error),
    );
    await client.config('SET', 'maxmemory', '0');
    if (outcome === 'done') continue;
    expect(outcome).toContain('OOM');
    expect(await readAll(prefix)).toEqual(before);
  }
});
