// Reading the mirror, our own refs, and bundles.
import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGit } from '../../src/git/create-git.ts';
import { credentials } from './support/http-remote.ts';
import { plainGit, plainGitBytes } from './support/plain-git.ts';
import { openScene, requireCaptured, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe('a ref of ours', () => {
  const ref = 'refs/gatepilot/run/1';
  const move = (to: string | undefined, from: string | undefined) =>
    scene.git.updateRef(scene.repository, ref, to, from);
  const read = () => scene.git.readRef(scene.repository, ref);

  it('moves only from where it is expected', async () => {
    const first = await scene.commit('main', { 'a.txt': 'one\n' });
    const second = await scene.commit('main', { 'a.txt': 'two\n' });
    await scene.fetch('main');
    expect(await read()).toBeUndefined();
    expect(await move(first, second)).toBe(false);
    expect(await move(first, undefined)).toBe(true);
    expect(await move(second, undefined)).toBe(false);
    expect(await move(second, second)).toBe(false);
    expect(await read()).toBe(first);
    expect(await move(second, first)).toBe(true);
    expect(await move(undefined, first)).toBe(false);
    expect(await move(undefined, second)).toBe(true);
    expect(await read()).toBeUndefined();
    expect(await move(undefined, undefined)).toBe(true);
  });

  it('is won by exactly one of many at once', async () => {
    const base = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const tree = await scene.git.treeOf(scene.repository, base);
    expect(tree).toMatch(/^[0-9a-f]{40}$/);
    const results = await Promise.all(Array.from({ length: 8 }, () => move(base, undefined)));
    expect(results.filter((won) => won)).toHaveLength(1);
  });

  it('is never a branch of the remote, nor a name that git would read otherwise', async () => {
    const first = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    for (const name of ['refs/heads/main', 'refs/gatepilot/../heads/main', 'refs/gatepilot/a b', '--stdin']) {
      await expect(scene.git.updateRef(scene.repository, name, undefined, first)).rejects.toThrow(
        'not one of our own refs',
      );
    }
    expect(await scene.git.readRef(scene.repository, 'refs/heads/main~1')).toBeUndefined();
    expect(await scene.git.readRef(scene.repository, 'HEAD')).toBeUndefined();
  });

  it('is listed with what it holds, below its folder and nowhere else', async () => {
    const first = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    await move(first, undefined);
    await scene.git.updateRef(scene.repository, 'refs/gatepilot/run2/1', first, undefined);
    const list = (folder: string) => scene.git.listRefs(scene.repository, folder);
    expect(await list('refs/gatepilot/run')).toEqual([{ name: ref, commit: first }]);
    expect(await list('refs/gatepilot/none')).toEqual([]);
    await expect(list('refs/heads')).rejects.toThrow('not one of our own refs');
  });

  it('fails when the commit is not there', async () => {
    await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    await expect(move('1'.repeat(40), undefined)).rejects.toMatchObject({ name: 'ExternalError', system: 'git' });
  });
});

describe('reading a commit', () => {
  it('tells regular files apart by their content, of as many paths as anybody asks for', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n', 'sub/b.txt': 'one\n' });
    await scene.fetch('main');
    const others = Array.from({ length: 30_000 }, (_, at) => `${'none/'.repeat(20)}${at}`);
    const found = await scene.git.identifyFiles(scene.repository, commit, ['sub', 'sub/b.txt', ...others, 'a.txt']);
    const id = plainGit(scene.bare, ['rev-parse', `${commit}:a.txt`]).trim();
    expect(found).toEqual([
      { path: 'sub/b.txt', id },
      { path: 'a.txt', id },
    ]);
  });

  it('gives regular files, and nothing for links, folders, and paths that lead out', async () => {
    const source = join(scene.folder, 'source');
    await symlink('/etc/passwd', join(source, 'link'));
    await symlink('sub', join(source, 'linked-folder'));
    const commit = await scene.commit('main', {
      'a.txt': 'grüße\n',
      'sub/b.txt': 'deep\n',
      ':(top)c': 'odd\n',
      '*': 'star\n',
    });
    await scene.fetch('main');
    const read = (path: string) => scene.git.readFile(scene.repository, commit, path, 1000);
    expect(await read('a.txt')).toBe('grüße\n');
    expect(await read('sub/b.txt')).toBe('deep\n');
    expect(await read(':(top)c')).toBe('odd\n');
    expect(await read('*')).toBe('star\n');
    for (const path of [
      'link',
      'linked-folder/b.txt',
      'sub',
      'sub/',
      '',
      '.',
      '../a.txt',
      '/etc/passwd',
      'none',
      'a.txt/x',
    ]) {
      expect(await read(path), path).toBeUndefined();
    }
  });

  it('never gives half a file', async () => {
    const commit = await scene.commit('main', { 'a.txt': '12345' });
    await scene.fetch('main');
    expect(await scene.git.readFile(scene.repository, commit, 'a.txt', 5)).toBe('12345');
    await expect(scene.git.readFile(scene.repository, commit, 'a.txt', 4)).rejects.toMatchObject({ retry: 'never' });
  });

  it('lists paths up to a number, and says how many there are', async () => {
    const commit = await scene.commit('main', { 'a.txt': '1', 'b/c.txt': '2', 'ü\n.txt': '3' });
    await scene.fetch('main');
    expect(await scene.git.listFiles(scene.repository, commit, 2)).toEqual({ paths: ['a.txt', 'b/c.txt'], total: 3 });
    expect((await scene.git.listFiles(scene.repository, commit, 9)).paths).toContain('ü\n.txt');
    expect(await scene.git.listFiles(scene.repository, commit, 9, 'b')).toEqual({ paths: ['b/c.txt'], total: 1 });
    expect((await scene.git.listFiles(scene.repository, commit, 9, 'nowhere')).paths).toEqual([]);
  });

  it('knows nothing of a commit that is not there', async () => {
    expect(await scene.git.treeOf(scene.repository, '1'.repeat(40))).toBeUndefined();
    const commit = await scene.commit('main', { 'a.txt': '1' });
    await scene.fetch('main');
    const error = { name: 'ExternalError', system: 'git' };
    await expect(scene.git.isAncestor(scene.repository, commit, '1'.repeat(40))).rejects.toMatchObject(error);
    await expect(scene.git.readFile(scene.repository, '1'.repeat(40), 'a', 9)).rejects.toMatchObject(error);
    await expect(scene.git.diff(scene.repository, commit, '1'.repeat(40))).rejects.toMatchObject(error);
  });
});

describe('diff', () => {
  it('shows kinds of change, numbers and text, whatever the attributes of the repository say', async () => {
    const long = 'a long\nenough\ntext\nto be\nfound\nagain\n';
    const base = await scene.commit('main', {
      'a.txt': '1\n',
      'old.txt': long,
      'gone.txt': 'x\n',
      'data.bin': Buffer.from([0, 1, 2]),
    });
    const head = await scene.commit('main', {
      '.gitattributes': '*.txt -diff\n',
      'a.txt': '2\n',
      'old.txt': undefined,
      'new ü.txt': long,
      'gone.txt': undefined,
      'data.bin': Buffer.from([0, 9, 9]),
    });
    await scene.fetch('main');
    const diff = await scene.git.diff(scene.repository, base, head);
    expect(diff.changed).toEqual([
      { path: '.gitattributes', status: 'added' },
      { path: 'a.txt', status: 'modified' },
      { path: 'data.bin', status: 'modified', isUnshown: true },
      { path: 'gone.txt', status: 'deleted' },
      { path: 'new ü.txt', status: 'renamed', from: 'old.txt' },
    ]);
    expect(diff.stat).toEqual({ files: 5, additions: 2, deletions: 2 });
    expect(diff.patch).toContain('-1\n+2\n');
    expect(diff.patch).toContain('rename to new ü.txt');
    expect(diff.patch).toContain('Binary files');
    expect(diff.patchIsCut).toBe(false);
  });

  it('says of which paths the text does not show what they hold', async () => {
    const source = join(scene.folder, 'source');
    const text = 'a long\nenough\ntext\nto be\nfound\nagain\n';
    const bytes = Buffer.from([0, ...Array.from({ length: 4_000 }, (_, at) => at % 251)]);
    const inner = async (line: string) => {
      plainGit(scene.folder, ['init', '--quiet', join(source, 'inner')]);
      await writeFile(join(source, 'inner', 'a.txt'), line);
      plainGit(join(source, 'inner'), ['add', 'a.txt']);
      plainGit(join(source, 'inner'), ['commit', '--quiet', '-m', 'inner']);
    };
    await scene.commit('main', { 'a.txt': '1\n' });
    await inner('1\n');
    await symlink('a.txt', join(source, 'link'));
    const base = await scene.commit('main', {
      ...{ 'moved.bin': bytes, 'changed.bin': bytes, 'gone.bin': Buffer.from([9, ...bytes]), 'text.bin': bytes },
      ...{ 'moved.txt': text, 'run.sh': 'echo\n', file: 'a.txt', 'quo"ted.bin': bytes },
    });
    await inner('2\n');
    await chmod(join(source, 'run.sh'), 0o755);
    await rm(join(source, 'link'));
    await symlink('run.sh', join(source, 'link'));
    await rm(join(source, 'file'));
    await symlink('a.txt', join(source, 'file'));
    const head = await scene.commit('main', {
      ...{ 'moved.bin': undefined, 'elsewhere.bin': bytes, 'changed.bin': Buffer.from([...bytes, 1]) },
      ...{ 'gone.bin': undefined, 'text.bin': 'now text\n', 'moved.txt': undefined, 'elsewhere.txt': text },
      ...{ 'empty.txt': '', 'words.sh': '# \0\nrm -rf /\n', 'quo"ted.bin': Buffer.from([...bytes, 2]) },
    });
    await scene.fetch('main');
    const { changed } = await scene.git.diff(scene.repository, base, head);
    expect(changed.filter(({ isUnshown }) => isUnshown).map(({ path }) => path)).toEqual([
      ...['changed.bin', 'inner', 'quo"ted.bin', 'text.bin', 'words.sh'],
    ]);
    // A mode, a link, no content, and content that the base has are told as text.
    expect(changed.filter(({ isUnshown }) => !isUnshown).map(({ path }) => path)).toEqual([
      ...['elsewhere.bin', 'elsewhere.txt', 'empty.txt', 'file', 'gone.bin', 'link', 'run.sh'],
    ]);
  });

  it('says when the text is cut', async () => {
    const base = await scene.commit('main', { 'a.txt': '1\n' });
    const head = await scene.commit('main', { 'large.txt': 'a line of some length\n'.repeat(100_000) });
    await scene.fetch('main');
    const diff = await scene.git.diff(scene.repository, base, head);
    expect(diff.patchIsCut).toBe(true);
    expect(Buffer.byteLength(diff.patch)).toBeLessThanOrEqual(1024 * 1024);
    expect(diff.stat).toEqual({ files: 1, additions: 100_000, deletions: 0 });
  });
});

describe('a bundle', () => {
  it('carries a commit to a host that only has the base', async () => {
    const base = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const folder = await scene.checkout(base);
    await writeFile(join(folder, 'a.txt'), 'two\n');
    const { commit, tree } = requireCaptured(await scene.capture(folder, base));
    const bundle = await scene.git.exportBundle(scene.repository, base, commit);

    const elsewhere = createGit({ folder: join(scene.folder, 'second-host') });
    await expect(elsewhere.importBundle(scene.repository, bundle, commit)).rejects.toMatchObject({
      name: 'ExternalError',
    });
    await elsewhere.fetch(scene.repository, credentials, 'main');
    await elsewhere.importBundle(scene.repository, bundle, commit);
    expect(await elsewhere.treeOf(scene.repository, commit)).toBe(tree);
    await elsewhere.importBundle(scene.repository, bundle, commit);
  });

  it('is refused when it holds something else, or is damaged', async () => {
    const base = await scene.commit('main', { 'a.txt': 'one\n' });
    const head = await scene.commit('main', { 'a.txt': 'two\n' });
    await scene.fetch('main');
    const bundle = await scene.git.exportBundle(scene.repository, base, head);
    await expect(scene.git.importBundle(scene.repository, bundle, base)).rejects.toMatchObject({ retry: 'never' });

    const elsewhere = createGit({ folder: join(scene.folder, 'second-host') });
    plainGit(scene.bare, ['update-ref', 'refs/heads/main', base]);
    await elsewhere.fetch(scene.repository, credentials, 'main');
    const damaged = bundle.subarray(0, bundle.length - 30);
    await expect(elsewhere.importBundle(scene.repository, damaged, head)).rejects.toMatchObject({ system: 'git' });
    expect(await elsewhere.treeOf(scene.repository, head)).toBeUndefined();
  });

  it.each([
    [
      'a .git folder',
      (blob: string) => {
        const inner = plainGit(scene.bare, ['mktree'], `100644 blob ${blob}\tconfig\n`);
        return `040000 tree ${inner}\t.git\n`;
      },
    ],
    [
      'a submodule address that is an option',
      () => {
        const modules = '[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch /tmp/x\n';
        return `100644 blob ${plainGit(scene.bare, ['hash-object', '-w', '--stdin'], modules)}\t.gitmodules\n`;
      },
    ],
    ['a list of submodules that is a link', (blob: string) => `120000 blob ${blob}\t.gitmodules\n`],
  ])('is refused when it smuggles %s, which git alone would let in', async (_, entry) => {
    const base = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const blob = plainGit(scene.bare, ['hash-object', '-w', '--stdin'], 'content');
    const tree = plainGit(scene.bare, ['mktree'], entry(blob));
    const commit = plainGit(scene.bare, ['commit-tree', '-p', base, '-m', 'hostile', tree]);
    plainGit(scene.bare, ['update-ref', 'refs/heads/result', commit]);
    const bundle = plainGitBytes(scene.bare, ['bundle', 'create', '-q', '-', `${base}..refs/heads/result`]);
    await expect(scene.git.importBundle(scene.repository, bundle, commit)).rejects.toMatchObject({ retry: 'never' });
    expect(await scene.git.treeOf(scene.repository, commit)).toBeUndefined();

    const control = join(scene.folder, 'control.git');
    plainGit(scene.folder, ['clone', '--quiet', '--bare', '--single-branch', '--branch=main', scene.bare, control]);
    await writeFile(join(scene.folder, 'x.bundle'), bundle);
    plainGit(control, [
      '-c',
      'transfer.fsckObjects=true',
      'fetch',
      '--quiet',
      join(scene.folder, 'x.bundle'),
      'refs/heads/result',
    ]);
  });
});
