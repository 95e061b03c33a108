import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { EmbeddedRedisTools } from '../../../src/store/server/ensure-serving.ts';
import { tryLock } from '../../../src/store/server/folder-lock.ts';
import { readMachineTools } from '../../prerequisite/machine-tools.ts';
import { ServerScene } from './server-scene.ts';

let tools: EmbeddedRedisTools;
let scene: ServerScene;
beforeAll(async () => {
  tools = (await readMachineTools('redis')).redis;
});
beforeEach(() => {
  scene = new ServerScene(tools);
});
afterEach(() => scene.end());

test('it serves on a private socket only, syncs every write and evicts nothing', async () => {
  const redis = await scene.start();
  const client = scene.connect(redis.url);
  const read = (name: string) => client.config('GET', name);

  expect(await client.ping()).toBe('PONG');
  expect(await read('port')).toEqual(['port', '0']);
  expect(await read('appendonly')).toEqual(['appendonly', 'yes']);
  expect(await read('appendfsync')).toEqual(['appendfsync', 'always']);
  expect(await read('save')).toEqual(['save', '']);
  expect(await read('maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  expect(statSync(scene.folder).mode & 0o777).toBe(0o700);
  expect(statSync(redis.socketPath).mode & 0o777).toBe(0o700);
});

test('of five processes that race one starts it, the others attach, and it outlives them all', async () => {
  const started = await Promise.all(Array.from({ length: 5 }, () => scene.startElsewhere()));
  expect(new Set(started.map(({ pid }) => pid)).size).toBe(1);

  const redis = await scene.start();
  expect(redis.pid).toBe(started[0]?.pid);
  expect(await scene.connect(redis.url).ping()).toBe('PONG');
  expect(countStarts()).toBe(1);
});

test('a server that is killed comes back once for all who use it, with every acknowledged write', async () => {
  const redis = await scene.start();
  const attached = await scene.start();
  const client = scene.connect(redis.url);
  const first = redis.pid;
  const acknowledged: string[] = [];
  const writing = (async () => {
    for (let index = 0; redis.pid === first; index++) {
      const key = `write ${index}`;
      if ((await client.set(key, 'x').catch(() => undefined)) === 'OK') acknowledged.push(key);
    }
  })();
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(500), { timeout: 20_000 });
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(redis.pid).not.toBe(first), { timeout: 20_000 });
  await writing;
  await vi.waitFor(() => expect(attached.pid).toBe(redis.pid), { timeout: 20_000 });

  expect(await client.exists(...acknowledged)).toBe(acknowledged.length);
  const warnings = scene.logged.filter(({ level }) => level === 'warn').map(({ message }) => message);
  expect(warnings).toEqual(Array(2).fill('the embedded Redis was gone and serves again'));
  expect(countStarts()).toBe(2);
});

test.each([
  ['zero bytes, as a power cut leaves them', Buffer.alloc(251)],
  ['half a command', Buffer.from('*3\r\n$3\r\nSET\r\n$4\r\nhal')],
  ['half a transaction', Buffer.from('*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n')],
])('a torn end (%s) is copied, cut off and served', async (_what, tail) => {
  const { pid, socketPath } = await scene.startElsewhere();
  const writer = scene.connect(socketPath);
  await Promise.all(Array.from({ length: 100 }, (_, index) => writer.set(`write ${index}`, 'x')));
  await killAndWait(pid);
  const file = join('appendonlydir', lastFile(join(scene.folder, 'appendonlydir')));
  const torn = Buffer.concat([readFileSync(join(scene.folder, file)), tail]);
  writeFileSync(join(scene.folder, file), torn);

  const redis = await scene.start();
  expect(await scene.connect(redis.url).dbsize()).toBe(100);
  const [warning] = scene.logged.filter(({ level }) => level === 'warn');
  expect(warning?.facts).toMatchObject({ removedBytes: tail.length });
  expect(readFileSync(join(String(warning?.facts.backupPath), file))).toEqual(torn);
});

test('stop ends the server for good, and the next start finds the data', async () => {
  const redis = await scene.start();
  await scene.connect(redis.url).set('kept', 'yes');
  const { pid } = redis;
  await redis.stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await redis.stop();

  const again = await scene.start();
  expect(again.pid).not.toBe(pid);
  expect(await scene.connect(again.url).get('kept')).toBe('yes');
});

test('a server that cannot start is told with the last lines of its log', async () => {
  const wrong = join(scene.base, 'not-a-server');
  writeFileSync(wrong, '#!/bin/sh\necho first line\necho cannot find the disk >&2\nexit 3\n', { mode: 0o755 });
  await expect(scene.start({ tools: { ...tools, server: wrong } })).rejects.toMatchObject({
    name: 'ExternalError',
    system: 'redis',
    retry: 'never',
    message: expect.stringMatching(/did not start: exit code 3; it logged:\nfirst line\ncannot find the disk\n/),
  });
});

test.each([
  ['in the middle of the last file', 'appendonly.aof.1.incr.aof', overwriteCommand],
  ['in the base file', 'appendonly.aof.1.base.rdb', (bytes: Buffer) => bytes.fill('X', 60, 64)],
  ['in the manifest', 'appendonly.aof.manifest', (bytes: Buffer) => bytes.fill(0)],
])('data that is damaged %s is left to a person, untouched', async (_where, name, damage) => {
  const { pid, socketPath } = await scene.startElsewhere();
  const writer = scene.connect(socketPath);
  for (let index = 0; index < 20; index++) await writer.set(`write ${index}`, 'x');
  await killAndWait(pid);
  const file = join(scene.folder, 'appendonlydir', name);
  const damaged = damage(readFileSync(file));
  writeFileSync(file, damaged);

  await expect(scene.start()).rejects.toMatchObject({
    name: 'ExternalError',
    retry: 'never',
    message: expect.stringContaining(`run "cd ${scene.folder} && ${tools.checkAof} --fix `),
  });
  expect(readFileSync(file)).toEqual(damaged);
});

test('a lock that is held by something silent is waited for, then told', async () => {
  mkdirSync(scene.folder, { mode: 0o700 });
  const held = await tryLock(scene.folder, tools.flock);
  await expect(scene.start({ timeoutMs: 100 })).rejects.toMatchObject({ name: 'ExternalError', retry: 'soon' });
  await held?.close();
  await scene.start();
});

/** How many server processes the folder has seen. */
function countStarts(): number {
  return readFileSync(join(scene.folder, 'redis.log'), 'utf8').split('just started').length - 1;
}

async function killAndWait(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  // Its starter has ended, so init reaps it.
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000 });
}

function isRunning(pid: number): boolean {
  try {
    // A dead process that nobody reaped yet is a zombie: it holds nothing any more.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Where a command starts: a wrong byte in a value would be a valid file. */
function overwriteCommand(bytes: Buffer): Buffer {
  const start = bytes.indexOf('*3', 100);
  return bytes.fill('X', start, start + 2);
}

function lastFile(folder: string): string {
  const name = readdirSync(folder).findLast((file) => file.endsWith('.incr.aof'));
  if (name === undefined) throw new Error(`no append-only file in ${folder}`);
  return name;
}
