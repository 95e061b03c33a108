import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

it('when the run is over, what is still at work in its folder is killed and said, and the folder is removed', async () => {
  const place = await mkdtemp(join(tmpdir(), 'gp-undertaker-'));
  const folder = join(place, 'run');
  const neighbour = join(place, 'run-of-others');
  for (const path of [join(folder, 'inner'), neighbour]) await mkdir(path, { recursive: true });
  const options = { detached: true, stdio: 'ignore' } as const;
  const within = spawn('sleep', ['7071.1'], { ...options, cwd: join(folder, 'inner') });
  const named = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', join(folder, 'data')], options);
  const beside = spawn('sleep', ['7071.2'], { ...options, cwd: neighbour });
  const ends = Promise.all([within, named].map((child) => once(child, 'exit')));
  const undertaker = spawn(process.execPath, [join(import.meta.dirname, 'undertaker-main.ts'), folder]);
  const said = text(undertaker.stderr);
  expect(existsSync(folder)).toBe(true);

  undertaker.stdin.end();

  expect(await ends).toEqual([
    [null, 'SIGKILL'],
    [null, 'SIGKILL'],
  ]);
  await once(undertaker, 'exit');
  expect(await said).toContain(`${within.pid} sleep 7071.1`);
  expect([existsSync(folder), existsSync(neighbour), beside.exitCode]).toEqual([false, true, null]);
  beside.kill();
});
