// `npm start` on a machine with nothing but its environment: web and workers in one process, with a Redis of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { aloneIn } from '../support/lone-process.ts';
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
