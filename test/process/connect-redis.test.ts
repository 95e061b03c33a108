// A failover as a client meets it: one name, behind which there is another server; the old one lives on as a replica.
import { createServer, connect as dial, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectRedis } from '../../src/process/connect-redis.ts';
import { createStore } from '../../src/store/create-store.ts';
import { quiet } from '../support/quiet.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

let old: TestRedis;
let promoted: TestRedis;
let primary: TestRedis;
let name: Server;
const path = join(tmpdir(), `gp-name-${process.pid}.sock`);

beforeAll(async () => {
  [old, promoted] = await Promise.all([startTestRedis(), startTestRedis()]);
  primary = old;
  name = createServer((client) => {
    const server = dial(primary.url);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => name.listen(path, resolve));
});
afterAll(async () => {
  await Promise.all([old.stop(), promoted.stop()]);
  name.close();
});

it('leaves a server that became a replica, and writes to the new one', async () => {
  const redis = connectRedis(path, quiet, { maxRetriesPerRequest: 1, commandTimeout: 10_000 });
  const store = createStore(redis, { prefix: '{failover}' });
  const claim = (what: string) => store.claim(what, 60_000).catch((error: Error) => error.message);
  expect(await claim('before')).toBe(true);
  primary = promoted;
  await old.connect().replicaof('127.0.0.1', 1);
  expect(await claim('during')).toMatch(/^READONLY/);
  expect(await until(async () => ((await claim('after')) === true ? 'written' : undefined))).toBe('written');
  redis.disconnect();
});
