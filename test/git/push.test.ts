import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentials } from './support/http-remote.ts';
import { plainGit } from './support/plain-git.ts';
import { openScene, requireCaptured, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const push = (commit: string, branch: string, expected: string | undefined) =>
  scene.git.push({ repository: scene.repository, token: credentials, commit, branch, expected });

const remoteBranch = (branch: string) =>
  plainGit(scene.bare, ['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);

/** A base on `main` and a captured result on top of it. */
async function capture(): Promise<{ base: string; commit: string }> {
  const base = await scene.commit('main', { 'a.txt': 'one\n' });
  await scene.fetch('main');
  const folder = await scene.checkout(base);
  await writeFile(join(folder, 'a.txt'), 'two\n');
  return { base, commit: requireCaptured(await scene.capture(folder, base)).commit };
}

describe('push', () => {
  it('makes a branch that does not exist, and moves it from where it is', async () => {
    const { base, commit } = await capture();
    expect(await push(base, 'gatepilot/7/run', undefined)).toEqual({ kind: 'pushed' });
    expect(await push(commit, 'gatepilot/7/run', base)).toEqual({ kind: 'pushed' });
    expect(remoteBranch('gatepilot/7/run')).toBe(commit);
    expect(plainGit(scene.bare, ['show', `${commit}:a.txt`])).toBe('two');
  });

  it('moves a branch backwards too when that is what was expected', async () => {
    const { base, commit } = await capture();
    await push(commit, 'run', undefined);
    expect(await push(base, 'run', commit)).toEqual({ kind: 'pushed' });
    expect(remoteBranch('run')).toBe(base);
  });

  it('changes nothing when the branch is elsewhere, exists, or is gone', async () => {
    const { base, commit } = await capture();
    const person = await scene.commit('run', { 'b.txt': 'by a person\n' });
    expect(await push(commit, 'run', base)).toEqual({ kind: 'moved', actual: person });
    expect(await push(commit, 'run', undefined)).toEqual({ kind: 'moved', actual: person });
    expect(await push(commit, 'vanished', base)).toEqual({ kind: 'moved', actual: undefined });
    expect(remoteBranch('run')).toBe(person);
    expect(remoteBranch('vanished')).toBe('');
  });

  it('says pushed when the branch is there already: an answer may have been lost', async () => {
    const { base, commit } = await capture();
    await push(commit, 'run', undefined);
    expect(await push(commit, 'run', undefined)).toEqual({ kind: 'pushed' });
    expect(await push(commit, 'run', base)).toEqual({ kind: 'pushed' });
  });

  it('loses to somebody who moves the branch while it is under way', async () => {
    const { base, commit } = await capture();
    await push(base, 'run', undefined);
    const person = await scene.commit('person', { 'b.txt': 'by a person\n' });
    // The lease is checked against what the remote announced; the branch moves right after that.
    scene.remote.beforeRequest((request) => {
      if (request.method === 'POST') plainGit(scene.bare, ['update-ref', 'refs/heads/run', person]);
    });
    expect(await push(commit, 'run', base)).toEqual({ kind: 'moved', actual: person });
    expect(remoteBranch('run')).toBe(person);
  });

  it('is content when somebody else moved the branch to the very same commit', async () => {
    const { base, commit } = await capture();
    await push(base, 'run', undefined);
    await push(commit, 'elsewhere', undefined);
    scene.remote.beforeRequest((request) => {
      if (request.method === 'POST') plainGit(scene.bare, ['update-ref', 'refs/heads/run', commit]);
    });
    expect(await push(commit, 'run', base)).toEqual({ kind: 'pushed' });
  });

  it('of two at once lets exactly one win', async () => {
    const { base, commit } = await capture();
    const other = await scene.commit('other', { 'b.txt': 'other\n' });
    await scene.fetch('other');
    await push(base, 'run', undefined);
    const results = await Promise.all([push(commit, 'run', base), push(other, 'run', base)]);
    expect(results.map((result) => result.kind).sort()).toEqual(['moved', 'pushed']);
    expect(remoteBranch('run')).toBe(results[0]?.kind === 'pushed' ? commit : other);
  });

  it('passes on why a rule of the remote refused it', async () => {
    const { commit } = await capture();
    const hook = join(scene.bare, 'hooks/pre-receive');
    plainGit(scene.folder, ['-c', `alias.dir=!mkdir -p ${join(scene.bare, 'hooks')}`, 'dir']);
    await writeFile(hook, '#!/bin/sh\necho "this branch is protected"\nexit 1\n', { mode: 0o755 });
    const result = await push(commit, 'run', undefined);
    expect(result).toMatchObject({ kind: 'rejected', why: expect.stringContaining('pre-receive hook declined') });
    expect(result).toMatchObject({ why: expect.stringContaining('this branch is protected') });
    expect(remoteBranch('run')).toBe('');
  });

  it('fails for good when the token may not write, and for now when the remote is ill', async () => {
    const { commit } = await capture();
    scene.remote.answerWith({ status: 403 });
    await expect(push(commit, 'run', undefined)).rejects.toMatchObject({ name: 'ExternalError', retry: 'never' });
    scene.remote.answerWith({ status: 502 });
    await expect(push(commit, 'run', undefined)).rejects.toMatchObject({ name: 'ExternalError', retry: 'soon' });
  });

  it.each(['--force', 'a..b', 'a b', 'x:refs/heads/main', '', 'a/.b', '@{-1}'])(
    'refuses %j as the name of a branch',
    async (branch) => {
      await expect(push('1'.repeat(40), branch, undefined)).rejects.toThrow('not a branch name');
    },
  );
});
