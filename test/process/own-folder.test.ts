// What a killed process left in the temporary folder goes with the next start, and nothing of one that lives.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openOwnFolder } from '../../src/process/own-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'own-'));
});
afterEach(() => rm(parent, { recursive: true }));

const program = new URL('../../src/process/own-folder.ts', import.meta.url).href;

/** Opens a folder in a process of its own, and kills that. */
async function killOwner(): Promise<void> {
  const script = `
    const { openOwnFolder } = await import(${JSON.stringify(program)});
    await openOwnFolder('gw-1', ${JSON.stringify(parent)});
    process.stdout.write('open');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('is taken away by the next start when its owner was killed', async () => {
  await killOwner();
  const [left = ''] = await readdir(parent);
  expect(left).toMatch(/^gatepilot-gw-1-/);
  await writeFile(join(parent, left, 'x.sock'), '');
  const own = await openOwnFolder('gw-1', parent);
  expect(await readdir(parent)).not.toContain(left);
  await own.close();
  expect(await readdir(parent)).toEqual([]);
});

it('stays while its owner lives, and so does what bears another name', async () => {
  await mkdir(join(parent, 'gatepilot-gw-2-abcdef'));
  const first = await openOwnFolder('gw-1', parent);
  const second = await openOwnFolder('gw-1', parent);
  expect(await readdir(parent)).toHaveLength(3);
  expect(await readdir(first.path)).toEqual(['owner']);
  await Promise.all([first.close(), second.close()]);
});

it('in which nobody has answered yet stays for a day', async () => {
  const young = join(parent, 'gatepilot-gw-1-young');
  const old = join(parent, 'gatepilot-gw-1-aged');
  for (const path of [young, old]) await mkdir(path);
  const days = Date.now() / 1_000 - 2 * 86_400;
  await utimes(old, days, days);
  const own = await openOwnFolder('gw-1', parent);
  expect(await readdir(parent)).toContain('gatepilot-gw-1-young');
  expect(await readdir(parent)).not.toContain('gatepilot-gw-1-aged');
  await own.close();
});
