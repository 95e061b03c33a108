// How supervisors end a process: by the pid that they started, which is npm's, or by a signal to everything of the service at once.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aloneIn } from '../support/lone-process.ts';
import { findProcesses } from '../support/process.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const root = resolve(import.meta.dirname, '../..');

let redis: TestRedis;
let place: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  redis = await startTestRedis();
  // The project as it is, without an environment file that somebody may have in it.
  place = await mkdtemp(join(tmpdir(), 'gp-signals-'));
  for (const name of ['bin', 'package.json']) await cp(join(root, name), join(place, name), { recursive: true });
  for (const name of ['src', 'workers', 'app.yml', 'node_modules']) await symlink(join(root, name), join(place, name));
});
afterAll(async () => {
  for (const { pid = 0, exitCode } of children) if (exitCode === null) process.kill(-pid, 'SIGKILL');
  await redis.stop();
  await rm(place, { recursive: true, force: true, maxRetries: 5 });
});

function keepLog({ stderr }: ChildProcess) {
  let kept = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept += text;
  });
  return {
    read: () => kept,
    until: (words: string) => until(async () => (kept.includes(words) ? true : undefined)),
  };
}

/** In a process group of its own, as a service. */
async function startService(command: string, args: readonly string[]) {
  const child = spawn(command, args, {
    cwd: place,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...aloneIn(join(place, 'data')),
      REDIS_URL: redis.url,
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
    },
  });
  children.push(child);
  const log = keepLog(child);
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  let line = '';
  while (!line.includes('ready')) {
    const next = await Promise.race([once(lines, 'line'), exited]);
    if (typeof next[0] !== 'string') throw new Error(`it ended with ${next[0]}: ${log.read()}`);
    line = next[0];
  }
  return { child, log, exited };
}

it.each(['start', 'web', 'worker'])(
  'drains in npm run %s when npm is told to end, and nothing is left',
  async (name) => {
    const { child, log, exited } = await startService('npm', ['run', '-s', name]);
    child.kill('SIGTERM');
    const [code] = await exited;
    expect(code, log.read()).toBe(0);
    await log.until('"msg":"drained"');
    expect(findProcesses(place)).toEqual([]);
  },
);

it('drains when every process of the service is told to end at once', async () => {
  const { child, log, exited } = await startService('npm', ['run', '-s', 'worker']);
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  const [code] = await exited;
  expect(code, log.read()).toBe(0);
  await log.until('"msg":"drained"');
});

const drainer = join(import.meta.dirname, 'drain-until-told-main.ts');

it('takes a signal that follows the first one at once as the same', async () => {
  const { child, log, exited } = await startService(process.execPath, [drainer, '600000']);
  for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT'] as const) {
    child.kill(signal);
    // It has heard the first one; those that are still on their way would be dropped by Node.
    await log.until('draining');
  }
  child.stdin.end('drained\n');
  expect(await exited, log.read()).toEqual([0, null]);
});

it('ends at once when somebody insists', async () => {
  const { child, log, exited } = await startService(process.execPath, [drainer, '0']);
  child.kill('SIGTERM');
  await log.until('draining');
  child.kill('SIGTERM');
  expect(await exited, log.read()).toEqual([130, null]);
});
