import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocalGithub } from '../../src/demo/github/start-local-github.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-github-process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('it starts on free ports, serves the page beside the control verbs, and stops', async () => {
  const github = await startLocalGithub({ dataFolder: join(folder, 'one') });
  try {
    expect(github.host).toBe(new URL(github.apiUrl).host);
    await github.control.createRepository({
      repository: 'acme/widget',
      source: { commits: [{ message: 'Begin', files: { a: '1\n' } }] },
    });
    await github.control.openIssue({ as: 'acme', repository: 'acme/widget', title: 'Seen in a browser' });
    const page = await fetch(`${github.apiUrl}/acme/widget/issues/1`, { headers: { accept: 'text/html' } });
    expect(page.url).toBe(`${github.controlUrl}/acme/widget/issues/1`);
    expect(await page.text()).toContain('Seen in a browser');
  } finally {
    await github.stop();
  }
  await expect(fetch(github.controlUrl)).rejects.toThrow();
});

test('two of them share nothing', async () => {
  const [one, other] = await Promise.all(
    ['a', 'b'].map((name) => startLocalGithub({ dataFolder: join(folder, name) })),
  );
  try {
    await one?.control.createPerson({ login: 'alice' });
    expect((await other?.control.readState())?.accounts).toEqual([]);
  } finally {
    await Promise.all([one?.stop(), other?.stop()]);
  }
});

test('a repository can be made from one on this machine', async () => {
  const source = join(folder, 'source');
  const github = await startLocalGithub({ dataFolder: join(folder, 'two') });
  try {
    await github.control.createRepository({
      repository: 'acme/first',
      source: { commits: [{ message: 'Begin', files: { a: '1\n' }, date: '2024-05-01T12:00:00Z' }] },
    });
    await run('git', ['clone', '-q', '--bare', `${github.apiUrl}/acme/first.git`, source]);
    const copy = await github.control.createRepository({ repository: 'acme/copy', source: { path: source } });
    expect(await github.control.readFile({ repository: 'acme/copy', ref: copy.headSha, path: 'a' })).toBe('1\n');
  } finally {
    await github.stop();
  }
});

test('it ends when whoever started it is gone', async () => {
  const main = fileURLToPath(new URL('../../src/demo/github/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--data', join(folder, 'three')], { env: {} });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  child.stdin.end();
  expect(await ended).toBe(0);
});

test('a start that fails says why', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await expect(startLocalGithub({ dataFolder: join(file, 'below') })).rejects.toThrow(/ENOTDIR/);
});

function run(program: string, args: readonly string[]): Promise<void> {
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const child = spawn(program, args, { env, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
  });
}
