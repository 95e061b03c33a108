// Which package files are read of a change, of real git.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPackageChanges } from '../../src/engine/read-packages.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { openScene, type Scene } from '../git/support/scene.ts';

let scene: Scene;
let base: string;
let branches = 0;

const text = (test: string) => JSON.stringify({ scripts: { test } });
const bulk = 'x'.repeat(2_000_000);

beforeAll(async () => {
  scene = await openScene();
  base = await scene.commit('main', {
    'package.json': text('root'),
    'a/package.json': text('a'),
    'b/package.json': text('b'),
    'c/deep/package.json': text('c'),
    'large/package.json': text(bulk),
    'source.ts': 'x\n',
  });
  await scene.fetch('refs/heads/main');
});
afterAll(() => scene.close());

async function read(
  files: Readonly<Record<string, string | Uint8Array | undefined>>,
  commands: readonly string[] = [],
) {
  const branch = `change-${++branches}`;
  const commit = await scene.commit(branch, files);
  await scene.fetch(`refs/heads/${branch}`);
  const { changed } = await scene.git.diff(scene.repository, base, commit);
  const ports = { git: scene.git } as unknown as WorkPorts;
  return await readPackageChanges(ports, { ref: scene.repository, base, commit, changed }, commands);
}

it('reads those that are changed, as they were and as they are', async () => {
  const { changed, others } = await read({
    'package.json': text('other'),
    'a/package.json': undefined,
    'd/package.json': text('d'),
    'source.ts': 'y\n',
  });
  expect(changed).toEqual([
    { path: 'a/package.json', before: text('a'), now: undefined },
    { path: 'd/package.json', before: undefined, now: text('d') },
    { path: 'package.json', before: text('root'), now: text('other') },
  ]);
  expect(others).toEqual([]);
});

it('reads one that moves as one file, and what is too large as what is no package file', async () => {
  const moved = await read({ 'a/package.json': undefined, 'z/package.json': text('a') });
  expect(moved.changed).toEqual([{ path: 'z/package.json', before: text('a'), now: text('a') }]);
  const large = await read({ 'package.json': text(bulk), 'large/package.json': text('x') });
  expect(large.changed).toEqual([
    { path: 'large/package.json', before: '', now: text('x') },
    { path: 'package.json', before: text('root'), now: '' },
  ]);
});

it('reads those besides to which verify commands lead, and none where no package file is changed', async () => {
  const commands = ['npm --prefix a test', 'cd c && cd deep && npm test', 'npm test -w b', 'npm run missing'];
  const { others } = await read({ 'b/package.json': text('other') }, commands);
  expect(others).toEqual([text('root'), text('a'), text('c')]);
  expect(await read({ 'source.ts': 'y\n' }, commands)).toEqual({ changed: [], others: [] });
});

it('reads no more than a hundred, and what it has not read is what cannot be read', async () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`many/${at}/package.json`, text('m')]));
  const { changed } = await read({ ...many, 'package.json': text('other') });
  expect(changed).toHaveLength(102);
  expect(changed.filter(({ now }) => now === '')).toHaveLength(2);
});
