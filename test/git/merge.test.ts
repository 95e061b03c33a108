import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { author, openScene, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const merge = (ours: string, theirs: string) =>
  scene.git.merge({ repository: scene.repository, ours, theirs, message: 'Merge a task\n', author });

describe('merge', () => {
  it('makes a commit of both sides and moves no ref', async () => {
    const base = await scene.commit('main', { 'a.txt': '1\n2\n3\n4\n5\n' });
    const theirs = await scene.commit('theirs', { 'a.txt': '1\n2\n3\n4\nfive\n', 'run.sh': 'x\n' });
    const ours = await scene.commit('main', { 'a.txt': 'one\n2\n3\n4\n5\n' });
    await scene.fetch('main');
    const result = await merge(ours, theirs);
    if (result.kind !== 'merged') throw new Error('not merged');
    const { git, repository } = scene;
    expect(await git.treeOf(repository, result.commit)).toBe(result.tree);
    expect(await git.readFile(repository, result.commit, 'a.txt', 100)).toBe('one\n2\n3\n4\nfive\n');
    expect(await git.isAncestor(repository, ours, result.commit)).toBe(true);
    expect(await git.isAncestor(repository, theirs, result.commit)).toBe(true);
    expect(await git.isAncestor(repository, result.commit, base)).toBe(false);
    expect(await git.readRef(repository, 'refs/heads/main')).toBe(ours);
  });

  it('names the paths in conflict, each once', async () => {
    await scene.commit('main', {
      'a.txt': 'base\n',
      'gone.txt': 'base\n',
      'sub/ü b.txt': 'base\n',
      'kept.txt': 'base\n',
    });
    const theirs = await scene.commit('theirs', {
      'a.txt': 'theirs\n',
      'gone.txt': 'theirs\n',
      'sub/ü b.txt': 'theirs\n',
    });
    const ours = await scene.commit('main', {
      'a.txt': 'ours\n',
      'gone.txt': undefined,
      'sub/ü b.txt': 'ours\n',
      'kept.txt': 'new\n',
    });
    await scene.fetch('main');
    expect(await merge(ours, theirs)).toEqual({ kind: 'conflict', paths: ['a.txt', 'gone.txt', 'sub/ü b.txt'] });
  });

  it('fails with a reason when a side is not there', async () => {
    const ours = await scene.commit('main', { 'a.txt': 'base\n' });
    await scene.fetch('main');
    await expect(merge(ours, '1'.repeat(40))).rejects.toMatchObject({ name: 'ExternalError', retry: 'never' });
    await expect(merge(ours, 'main')).rejects.toThrow('full SHA');
  });
});
