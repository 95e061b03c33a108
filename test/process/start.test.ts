// `npm start` on a machine with nothing but its environment: web and workers in one process, with a Redis of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { LogPort } from '../../src/engine/port/log.ts';
import { parseEnv } from '../../src/env.ts';
import { warnOfOwnRedis } from '../../src/process/open-foundation.ts';
import { aloneIn } from '../support/lone-process.ts';
import { quiet } from '../support/quiet.ts';
import { until } from '../support/until.ts';

it('is ready although GitHub does not answer, and ends in good order when it is told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gp-start-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/main.ts'), 'all'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...aloneIn(join(folder, 'data')),
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
    },
  });
  const log = text(child.stderr);
  const exited = once(child, 'exit');
  try {
    const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited])) as [string];
    const { ready, port } = JSON.parse(String(line)) as { ready: string; port: number };
    expect(ready).toBe('web');
    await until(async () => ((await fetch(`http://127.0.0.1:${port}/readyz`)).ok ? true : undefined));
  } finally {
    child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const [code] = await exited;
  expect(code, await log).toBe(0);
});

it('is warned where it is only one half, and keeps what it takes where the other half may not look', () => {
  const warn = (more: Record<string, string>) => {
    const said: string[] = [];
    const log: LogPort = { ...quiet, warn: (_, message) => said.push(message) };
    warnOfOwnRedis({ env: parseEnv({ ...aloneIn('/data'), ...more }), log });
    return said;
  };
  expect(warn({})).toEqual([expect.stringMatching(/^REDIS_URL is not set: only processes on this machine/)]);
  expect(warn({ REDIS_URL: 'redis://elsewhere' })).toEqual([]);
});
