import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensurePrerequisites } from '../../src/prerequisite/ensure-prerequisites.ts';
import { findProgram, parseSearchPath } from '../../src/prerequisite/find-program.ts';
import { programs } from '../../src/prerequisite/program.ts';

let base = '';
beforeAll(() => {
  base = mkdtempSync('/tmp/find-program-');
  // The probe of bubblewrap runs as another user when root runs the tests.
  chmodSync(base, 0o755);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('the first program that runs and is new enough is taken', async () => {
  const folders = [
    place('broken', 'git', 'exit 3'),
    place('old', 'git', 'echo git version 2.37.9'),
    place('good', 'git', 'echo git version 2.38.0'),
    place('better', 'git', 'echo git version 3.1.0'),
  ];
  expect(await findProgram(programs.git, folders, {})).toMatchObject({ kind: 'found', path: `${base}/good/git` });
});

test('a program that is too old is named with both versions', async () => {
  const folder = place('old-redis', 'redis-server', 'echo "Redis server v=6.0.16 sha=0"');
  expect(await findProgram(programs['redis-server'], [folder], {})).toMatchObject({
    kind: 'missing',
    why: `${folder}/redis-server is version 6.0, and redis-server 6.2 or newer is needed`,
  });
});

test('a server without its repair program is not taken', async () => {
  const folder = place('lonely', 'valkey-server', 'echo "Valkey server v=8.1.0 sha=0"');
  expect(await findProgram(programs['redis-server'], [folder], {})).toMatchObject({
    kind: 'missing',
    why: expect.stringContaining(`${folder}/valkey-check-aof`),
  });
  place('lonely', 'valkey-check-aof', 'echo "Usage: valkey-check-aof"; exit 1');
  expect(await findProgram(programs['redis-server'], [folder], {})).toMatchObject({ kind: 'found' });
});

test('relative and empty entries of a PATH are left out', () => {
  expect(parseSearchPath('/usr/bin::./bin:bin:/bin:/usr/bin')).toEqual(['/usr/bin', '/bin']);
});

test('git is never brought: an old one is named with its mend', async () => {
  const folder = place('only-git', 'git', 'echo git version 2.30.2');
  const lines: string[] = [];
  const result = await ensurePrerequisites({
    needs: ['git'],
    cacheFolder: join(base, 'cache'),
    environment: { PATH: folder },
    out: (line) => lines.push(line),
  });
  expect(lines).toEqual([]);
  expect(result).toEqual({
    kind: 'missing',
    problems: [
      {
        what: `${folder}/git is version 2.30, and git 2.38 or newer is needed.`,
        mend: "Install git 2.38 or newer from the distribution's backports or the project's own packages.",
      },
    ],
  });
});

test('a bubblewrap that cannot start a sandbox here is named with what it said', async () => {
  const folder = place(
    'forbidden',
    'bwrap',
    '[ "$1" = --version ] && echo bubblewrap 0.9.0 && exit 0; echo "bwrap: setting up uid map: Permission denied" >&2; exit 1',
  );
  place('forbidden', 'tini', 'echo tini version 0.19.0');
  place('forbidden', 'prlimit', 'echo prlimit from util-linux 2.38.1');
  const options = { cacheFolder: join(base, 'cache'), environment: { PATH: folder }, out: () => undefined };
  expect(await ensurePrerequisites({ needs: ['bubblewrap'], ...options })).toMatchObject({
    kind: 'missing',
    problems: [{ what: expect.stringContaining('setting up uid map: Permission denied'), mend: expect.any(String) }],
  });
});

test('a cache folder that others can write to is refused before anything in it is run', async () => {
  const cacheFolder = join(base, 'open-cache');
  mkdirSync(cacheFolder);
  chmodSync(cacheFolder, 0o777);
  const result = await ensurePrerequisites({
    needs: ['git'],
    cacheFolder,
    environment: { PATH: '/usr/bin' },
    out: () => undefined,
  });
  expect(result).toMatchObject({ kind: 'missing', problems: [{ mend: `Run "chmod go-w ${cacheFolder}".` }] });
});

/** Writes a program into a folder of its own and returns the folder. */
function place(folder: string, name: string, script: string): string {
  mkdirSync(join(base, folder), { recursive: true, mode: 0o755 });
  writeFileSync(join(base, folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return join(base, folder);
}
