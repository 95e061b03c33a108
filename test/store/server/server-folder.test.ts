import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EmbeddedRedisTools } from '../../../src/store/server/ensure-serving.ts';
import { decideSocketAddress } from '../../../src/store/server/server-folder.ts';
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

const uid = process.getuid?.() ?? 0;

test('a folder whose path is short enough is used as it is, one byte more is not', () => {
  const longest = `/${'d'.repeat(107 - '/'.length - '/redis.sock'.length)}`;
  expect(decideSocketAddress(longest, uid)).toEqual({ path: `${longest}/redis.sock`, link: undefined });
  expect(Buffer.byteLength(decideSocketAddress(`${longest}d`, uid).path)).toBeLessThan(107);
});

test.each(['/data with spaces', '/data?db=2', '/dätä'])('%s is reached through a link', (folder) => {
  expect(decideSocketAddress(folder, uid).link).toMatch(/^\/tmp\/gatepilot-\d+-[0-9a-f]{16}$/);
});

test('a server in a deep folder is shared under one short path', async () => {
  const folder = join(scene.base, 'a deep folder '.repeat(12), 'with a tail '.repeat(8));
  const redis = await scene.start({ folder });
  expect(Buffer.byteLength(redis.socketPath)).toBeLessThanOrEqual(107);
  expect(await scene.connect(redis.url).ping()).toBe('PONG');
  expect(await scene.startElsewhere(folder)).toEqual({ pid: redis.pid, socketPath: redis.socketPath });
});

test('a link that leads to another folder is refused', async () => {
  const folder = join(scene.base, 'd'.repeat(120));
  const { link = '' } = decideSocketAddress(folder, uid);
  const elsewhere = join(scene.base, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, link);
  try {
    await expect(scene.start({ folder })).rejects.toMatchObject({ name: 'ExternalError', retry: 'never' });
  } finally {
    rmSync(link);
  }
});

test('a folder that is a link is refused', async () => {
  mkdirSync(join(scene.base, 'real'));
  symlinkSync(join(scene.base, 'real'), scene.folder);
  await expect(scene.start()).rejects.toMatchObject({
    name: 'ExternalError',
    message: expect.stringContaining(dirname(scene.folder)),
  });
});
