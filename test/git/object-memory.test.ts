import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createObjectMemory } from '../../src/git/object-memory.ts';
import { openScene, type Scene } from './support/scene.ts';

describe('what git said before', () => {
  let path: string;
  let asked: number;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'gp-memory-'));
    asked = 0;
  });
  afterEach(() => rm(path, { recursive: true, force: true }));

  const answer = <T>(value: T) => {
    return async () => {
      asked += 1;
      return value;
    };
  };

  it('is not asked for again, until it is ten minutes old', async () => {
    let now = 0;
    const memory = createObjectMemory(() => now);
    const ask = (commit: string) => memory.recall({ path, lock: '' }, ['tree', commit], answer(`tree of ${commit}`));
    expect([await ask('a'), await ask('a'), await ask('b'), asked]).toEqual(['tree of a', 'tree of a', 'tree of b', 2]);
    now = 600_000;
    expect([await ask('a'), asked]).toEqual(['tree of a', 3]);
  });

  it('is asked for again when it was missing, is large, or many others were asked for since', async () => {
    const memory = createObjectMemory();
    const ask = <T>(question: string, value: T) => memory.recall({ path, lock: '' }, [question], answer(value));
    await ask('missing', undefined);
    expect(await ask('missing', 'there')).toBe('there');
    await ask('large', 'x'.repeat(70_000));
    await ask('large', 'x'.repeat(70_000));
    expect(asked).toBe(4);
    await ask('first', 1);
    for (let count = 0; count < 400; count += 1) await ask(`other ${count}`, count);
    await ask('first', 1);
    expect(asked).toBe(4 + 402);
  });

  it('is not believed of another mirror at the same place', async () => {
    const memory = createObjectMemory();
    await memory.recall({ path, lock: '' }, ['tree'], answer('old'));
    await rm(path, { recursive: true });
    await mkdir(path);
    expect(await memory.recall({ path, lock: '' }, ['tree'], answer('new'))).toBe('new');
  });
});

describe('a mirror that was read and lost', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene();
  });
  afterEach(() => scene.close());

  it('does not seem to hold what it held', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    expect(await scene.git.treeOf(scene.repository, commit)).toMatch(/^[0-9a-f]{40}$/);
    await scene.git.removeMirror(scene.repository.key);
    expect(await scene.git.treeOf(scene.repository, commit)).toBeUndefined();
  });
});
