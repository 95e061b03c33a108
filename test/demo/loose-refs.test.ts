// Refs read from files are those that git tells.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBareRepository } from '../../src/demo/github/git/create-bare-repository.ts';
import { Git } from '../../src/demo/github/git/git.ts';
import { compareAndSwapRef, readRef, readRefs, setRef } from '../../src/demo/github/git/refs.ts';
import { readSurroundings } from '../../src/env.ts';
import { runProcess } from '../../src/subprocess/run-process.ts';

let home: string;
let git: Git;
let commits: string[];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gp-refs-'));
  git = new Git({ folder: join(home, 'one.git'), home, searchPath: readSurroundings().PATH ?? '', runProcess });
  await createBareRepository(git, 'main');
  const tree = await git.text(['hash-object', '-w', '-t', 'tree', '/dev/null']);
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
  commits = await Promise.all(
    ['one', 'two'].map((message) => git.text([...identity, 'commit-tree', tree, '-m', message])),
  );
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function readAsGit(prefixes: readonly string[]): Promise<string[]> {
  const text = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', ...prefixes]);
  return text.split('\n').filter(Boolean);
}

async function readOurs(prefixes: readonly string[]): Promise<string[]> {
  return [...(await readRefs(git, prefixes))].map((ref) => ref.join(' '));
}

it('when they are files, moved, removed, packed, and packed and moved', async () => {
  const [one = '', two = ''] = commits;
  const all = ['refs/heads', 'refs/tags', 'refs/pull'];
  const areSame = async () => {
    expect(await readOurs(all)).toEqual(await readAsGit(all));
    const refs = new Map((await readAsGit(all)).map((line) => line.split(' ') as [string, string]));
    for (const ref of ['main', 'a/b', 'a-b', 'gone'].map((name) => `refs/heads/${name}`)) {
      expect([ref, await readRef(git, ref)]).toEqual([ref, refs.get(ref)]);
    }
    return refs.size;
  };
  expect(await areSame()).toBe(0);
  for (const name of ['main', 'a/b', 'a-b', 'gone']) await setRef(git, `refs/heads/${name}`, one);
  await setRef(git, 'refs/pull/1/head', two);
  expect(await areSame()).toBe(5);
  await compareAndSwapRef(git, { ref: 'refs/heads/gone', from: one, to: undefined });
  await setRef(git, 'refs/heads/a/b', two);
  expect(await areSame()).toBe(4);
  await git.run(['pack-refs', '--all']);
  expect(await areSame()).toBe(4);
  await setRef(git, 'refs/heads/main', two);
  await compareAndSwapRef(git, { ref: 'refs/heads/a-b', from: one, to: undefined });
  expect(await areSame()).toBe(3);
});

it('what is no ref is nothing', async () => {
  for (const name of ['refs/../HEAD', 'refs/heads/.lock', 'HEAD', 'refs//heads']) {
    expect([name, await readRef(git, name)]).toEqual([name, name === 'HEAD' ? commits[1] : undefined]);
  }
});
