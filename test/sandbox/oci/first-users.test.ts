// Who a container is on the host: one of few, and never somebody who another sandbox is, of this worker or of another.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { IdentityPool } from '../../../src/sandbox/bubblewrap/identity-pool.ts';
import { firstUsers } from '../../../src/sandbox/oci/first-users.ts';

const first = 100_000_000 + process.pid * 8;
const module = new URL('../../../src/sandbox/oci/first-users.ts', import.meta.url).href;
const others: ChildProcess[] = [];
afterEach(() => {
  for (const other of others.splice(0)) other.kill('SIGKILL');
});

/** Another worker of this host, which takes one user and keeps it. */
async function startOther(count: number): Promise<{ readonly other: ChildProcess; readonly uid: number }> {
  const script = `const { firstUsers } = await import(${JSON.stringify(module)});
    console.log((await firstUsers({ first: ${first}, count: ${count} })()).uid); setInterval(() => undefined, 1000);`;
  const args = ['--input-type=module', '-e', script];
  const other = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  others.push(other);
  const [said] = await once(other.stdout, 'data');
  return { other, uid: Number(String(said)) };
}

it('is always the first who is free', async () => {
  const claim = firstUsers({ first, count: 3 });
  const [one, two] = [await claim(), await claim()];
  expect([one.uid, two.uid]).toEqual([first, first + 1]);
  await one.giveBack();
  const again = await claim();
  expect(again.uid).toBe(first);
  for (const claimed of [two, again]) await claimed.giveBack();
});

it('is nobody whom another worker has, until that one is dead', async () => {
  const { other, uid } = await startOther(3);
  expect(uid).toBe(first);
  const claim = firstUsers({ first, count: 3 });
  const beside = await claim();
  expect(beside.uid).toBe(first + 1);
  const exit = once(other, 'exit');
  other.kill('SIGKILL');
  await exit;
  const next = await claim();
  expect(next.uid).toBe(first);
  for (const claimed of [beside, next]) await claimed.giveBack();
});

it('is nobody where all are in use, which is said', async () => {
  const claim = firstUsers({ first, count: 2 });
  const all = await Promise.all([claim(), claim()]);
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(2);
  await expect(claim()).rejects.toThrow(/all 2 users of the range are in use/);
  for (const claimed of all) await claimed.giveBack();
});

it('is shared by sandboxes over one workspace alone, and free when the last of them is gone and the files are back', async () => {
  const done: string[] = [];
  const pool = new IdentityPool(firstUsers({ first, count: 3 }), async (tool, args) => {
    // Whoever is next must not be at work before.
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push(`${tool} ${args[1]}`);
    return '';
  });
  const [one, same, other] = await Promise.all(['/a', '/a', '/b'].map((workspace) => pool.acquire(workspace)));
  expect([one, same, other].map((lease) => lease?.identity?.uid)).toEqual([first, first, first + 1]);
  await one?.release();
  expect((await pool.acquire('/c')).identity?.uid).toBe(first + 2);
  await expect(pool.acquire('/d')).rejects.toThrow(/in use/);
  const left = same?.release();
  await expect(pool.acquire('/d')).rejects.toThrow(/in use/);
  await left;
  expect((await pool.acquire('/d')).identity?.uid).toBe(first);
  expect(done.at(-1)).toBe(`chown ${first}:${first}`);
});
