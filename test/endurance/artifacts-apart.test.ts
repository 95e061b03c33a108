// Two worker processes on one Redis whose artifacts are in different places: the second one says so and ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aloneIn } from '../support/lone-process.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  redis = await startTestRedis();
  folder = await mkdtemp(join(tmpdir(), 'gp-apart-'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  await redis.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function startWorker(data: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../workers/main.ts')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...aloneIn(join(folder, data)), REDIS_URL: redis.url },
  });
  children.push(child);
  return { child, log: text(child.stderr), ready: once(createInterface({ input: child.stdout }), 'line') };
}

it('the second worker does not start, and one that shares them does', async () => {
  expect(String(await startWorker('one').ready)).toContain('ready');
  const apart = startWorker('another');
  const [code] = await once(apart.child, 'exit');
  expect(code).toBe(78);
  expect(await apart.log).toMatch(/keeps its artifacts in another place .* put GATEPILOT_DATA\/artifacts on a volume/);
  expect(String(await startWorker('one').ready)).toContain('ready');
});
