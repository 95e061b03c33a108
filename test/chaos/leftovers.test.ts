import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findLeftovers } from '../../src/demo/chaos/verdict/find-leftovers.ts';
import { findTools } from '../support/redis.ts';
import { until } from '../support/until.ts';

it('finds a process by what is mounted for it, even when neither its name nor its environment tells', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gp-leftover-'));
  const { bubblewrap } = await findTools(['bubblewrap']);
  const mounts = ['--ro-bind', '/', '/', '--bind', folder, '/mnt', '--clearenv'];
  const child = spawn(bubblewrap?.bwrap ?? '', ['--die-with-parent', ...mounts, '--', '/bin/sleep', '600.1']);
  try {
    const nameless = await until(async () =>
      findLeftovers(folder, new Set()).find(({ what }) => what === '/bin/sleep 600.1'),
    );
    expect(nameless.kind).toBe('stuck');
    const pids = findLeftovers(folder, new Set()).map(({ where }) => Number(where.split(' ')[1]));
    expect(findLeftovers(folder, new Set(pids))).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
    await until(async () => (findLeftovers(folder, new Set()).length === 0 ? true : undefined));
    await rm(folder, { recursive: true });
  }
});
