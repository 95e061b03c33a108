import { chmod, mkdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainGit, plainGitBytes } from './support/plain-git.ts';
import { openScene, requireCaptured, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** A checkout of a commit with these files. */
async function open(files: Readonly<Record<string, string | Uint8Array>>): Promise<{ base: string; folder: string }> {
  const base = await scene.commit('main', files);
  await scene.fetch('main');
  return { base, folder: await scene.checkout(base) };
}

/** What a captured commit holds, as a test names it. */
async function capturePaths(folder: string, base: string): Promise<string[]> {
  const { changed } = requireCaptured(await scene.capture(folder, base));
  return changed.map((change) => `${change.status} ${change.path}`).sort();
}

describe('capture', () => {
  it('makes one commit of ours on the base', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
    await writeFile(join(folder, 'a.txt'), 'one\nmore\n');
    await writeFile(join(folder, 'new.txt'), 'new\n');
    await rm(join(folder, 'b.txt'));
    const result = requireCaptured(await scene.capture(folder, base));
    expect(result.changed).toEqual([
      { path: 'a.txt', status: 'modified' },
      { path: 'b.txt', status: 'deleted' },
      { path: 'new.txt', status: 'added' },
    ]);
    expect(result.stat).toEqual({ files: 3, additions: 2, deletions: 1 });
    expect(result.patch).toContain('+more');
    expect(result.patchIsCut).toBe(false);
    const commit = plainGit(scene.mirror, ['cat-file', '-p', result.commit]);
    expect(commit).toMatch(new RegExp(`^tree ${result.tree}\nparent ${base}\nauthor Gatepilot <bot@example.com> `));
    expect(commit).toMatch(/\ncommitter Gatepilot <bot@example.com> .*\n\nWork of an agent$/);
    expect(scene.sandboxes.map((sandbox) => sandbox.isDisposed())).toEqual([true]);
  });

  it('does not care what the agent committed, staged, hid or rewrote', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n', 'b.txt': 'two\n', 'c.txt': 'three\n' });
    await writeFile(join(folder, 'a.txt'), 'committed\n');
    plainGit(folder, ['commit', '--quiet', '--all', '-m', 'of the agent']);
    plainGit(folder, ['rm', '--quiet', '--cached', 'b.txt']);
    await writeFile(join(folder, 'c.txt'), 'hidden\n');
    plainGit(folder, ['update-index', '--assume-unchanged', 'c.txt']);
    await writeFile(join(folder, 'new.txt'), 'excluded\n');
    await mkdir(join(folder, '.git/info'), { recursive: true });
    await writeFile(join(folder, '.git/info/exclude'), 'new.txt\n');
    plainGit(folder, ['checkout', '--quiet', '--orphan', 'elsewhere']);
    expect(await capturePaths(folder, base)).toEqual(['added new.txt', 'modified a.txt', 'modified c.txt']);
  });

  it.each([
    ['is gone', async (folder: string) => rm(join(folder, '.git'), { recursive: true })],
    [
      'was started anew',
      async (folder: string) => {
        await rm(join(folder, '.git'), { recursive: true });
        plainGit(folder, ['init', '--quiet']);
      },
    ],
    [
      'has become a file that points elsewhere',
      async (folder: string) => {
        await rename(join(folder, '.git'), join(folder, '..', 'elsewhere.git'));
        await writeFile(join(folder, '.git'), 'gitdir: ../elsewhere.git\n');
      },
    ],
    ['lost its objects', async (folder: string) => rm(join(folder, '.git/objects'), { recursive: true })],
    [
      'borrows objects from a path of its choice',
      async (folder: string) => {
        await mkdir(join(folder, '.git/objects/info'), { recursive: true });
        await writeFile(join(folder, '.git/objects/info/alternates'), '/etc\n');
      },
    ],
  ])('works when .git %s', async (_, spoil) => {
    const { base, folder } = await open({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
    await writeFile(join(folder, 'a.txt'), 'changed\n');
    await spoil(folder);
    expect(await capturePaths(folder, base)).toEqual(['modified a.txt']);
  });

  it('says so when nothing differs from the base', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n' });
    await writeFile(join(folder, 'a.txt'), 'two\n');
    plainGit(folder, ['commit', '--quiet', '--all', '-m', 'there']);
    await writeFile(join(folder, 'a.txt'), 'one\n');
    plainGit(folder, ['commit', '--quiet', '--all', '-m', 'and back']);
    expect(await scene.capture(folder, base)).toEqual({ kind: 'unchanged' });
  });

  it('keeps executable bits, binary content and odd but honest names', async () => {
    const binary = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 37) % 256);
    const odd = ['-rf', 'it\'s $(id) `x` "ü"', ':(top)a'];
    const { base, folder } = await open({
      'run.sh': '#!/bin/sh\n',
      'a.txt': 'one\n',
      // Not to be had on Windows, where nobody has this repository either.
      ...Object.fromEntries(odd.slice(1).map((name) => [name, 'old\n'])),
    });
    await chmod(join(folder, 'run.sh'), 0o755);
    await writeFile(join(folder, 'data.bin'), binary);
    await writeFile(join(folder, '-rf'), 'dash\n');
    await writeFile(join(folder, 'it\'s $(id) `x` "ü"'), 'quoted\n');
    await writeFile(join(folder, ':(top)a'), 'magic\n');
    await writeFile(join(folder, "it's $(id) `y` ü"), 'quoted\n');
    const { commit, changed } = requireCaptured(await scene.capture(folder, base));
    expect(plainGit(scene.mirror, ['ls-tree', commit, 'run.sh'])).toMatch(/^100755/);
    expect(Buffer.compare(plainGitBytes(scene.mirror, ['cat-file', 'blob', `${commit}:data.bin`]), binary)).toBe(0);
    const names = plainGit(scene.mirror, ['-c', 'core.quotePath=false', 'ls-tree', '-z', '--name-only', commit]).split(
      '\0',
    );
    expect(names).toEqual(expect.arrayContaining([...odd, "it's $(id) `y` ü"]));
    expect(changed.map(({ path }) => path)).toEqual(expect.arrayContaining(odd));
  });

  it('follows files that became folders, folders that became files, and renames', async () => {
    const { base, folder } = await open({
      file: 'one\n',
      'folder/inner': 'two\n',
      'old.txt': 'a\nlong\nenough\ntext\nto find\n',
    });
    await rm(join(folder, 'file'));
    await mkdir(join(folder, 'file'));
    await writeFile(join(folder, 'file/inner'), 'new\n');
    await rm(join(folder, 'folder'), { recursive: true });
    await writeFile(join(folder, 'folder'), 'now a file\n');
    await rename(join(folder, 'old.txt'), join(folder, 'new.txt'));
    const { changed } = requireCaptured(await scene.capture(folder, base));
    expect(changed).toEqual(
      expect.arrayContaining([
        { path: 'file/inner', status: 'added' },
        { path: 'folder/inner', status: 'deleted' },
        { path: 'new.txt', status: 'renamed', from: 'old.txt' },
      ]),
    );
  });

  it('holds no object of a base file that did not change, and still makes a whole commit', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n', 'deep/er/b.txt': 'two\n' });
    await writeFile(join(folder, 'deep/er/c.txt'), 'three\n');
    const { commit } = requireCaptured(await scene.capture(folder, base));
    expect(plainGit(scene.mirror, ['fsck', '--strict', commit])).toBe('');
  });
});

describe('ignored files', () => {
  it('are left out by the rules of the workspace and by those of the base', async () => {
    const { base, folder } = await open({
      '.gitignore': 'build/\n*.log\n',
      'sub/.gitignore': '/local\n',
      'a.txt': 'one\n',
    });
    await mkdir(join(folder, 'build'));
    await mkdir(join(folder, 'node_modules'));
    for (const path of ['build/out', 'x.log', 'sub/local', 'sub/kept', 'node_modules/m.js', ':(top)x.log', ':!x.log'])
      await writeFile(join(folder, path), 'x\n');
    await writeFile(join(folder, '.gitignore'), 'node_modules\n');
    await rm(join(folder, 'sub/.gitignore'));
    expect(await capturePaths(folder, base)).toEqual([
      'added sub/kept',
      'deleted sub/.gitignore',
      'modified .gitignore',
    ]);
  });

  it('are taken when the base tracks them', async () => {
    const { base, folder } = await open({ '.gitignore': '*.log\n', 'kept.log': 'one\n' });
    await writeFile(join(folder, 'kept.log'), 'two\n');
    expect(await capturePaths(folder, base)).toEqual(['modified kept.log']);
  });
});

describe('line endings', () => {
  it('that the base never normalised do not count as changes', async () => {
    const base = await commitRaw({
      '.gitattributes': '* text=auto\n*.txt text\n',
      'crlf.md': 'a\r\nb\r\n',
      'crlf.txt': 'a\r\nb\r\n',
      'lf.md': 'a\n',
    });
    await scene.fetch('main');
    const folder = await scene.checkout(base);
    // As young as anything that the capture writes: git then trusts no time stamp.
    const young = new Date(Date.now() + 60_000);
    for (const name of ['crlf.md', 'crlf.txt', 'lf.md']) await utimes(join(folder, name), young, young);
    expect(await scene.capture(folder, base)).toEqual({ kind: 'unchanged' });
  });

  it('of an edited file stay as the base has them', async () => {
    const base = await commitRaw({ '.gitattributes': '* text=auto\n', 'crlf.md': 'a\r\nb\r\nc\r\n' });
    await scene.fetch('main');
    const folder = await scene.checkout(base);
    await writeFile(join(folder, 'crlf.md'), 'a\r\nB\r\nc\r\n');
    const { stat } = requireCaptured(await scene.capture(folder, base));
    expect(stat).toEqual({ files: 1, additions: 1, deletions: 1 });
  });

  it('that checkout writes for the working tree are taken back', async () => {
    const { base, folder } = await open({ '.gitattributes': '*.bat eol=crlf\n', 'run.bat': 'one\ntwo\n' });
    expect(await readFile(join(folder, 'run.bat'), 'utf8')).toBe('one\r\ntwo\r\n');
    expect(await scene.capture(folder, base)).toEqual({ kind: 'unchanged' });
    await writeFile(join(folder, 'run.bat'), 'one\r\nthree\r\n');
    const { stat } = requireCaptured(await scene.capture(folder, base));
    expect(stat).toEqual({ files: 1, additions: 1, deletions: 1 });
  });

  /** Blobs byte for byte, past the conversion that `git add` would do. */
  async function commitRaw(files: Readonly<Record<string, string>>): Promise<string> {
    const entries = Object.entries(files).map(([path, content]) => {
      const id = plainGit(scene.bare, ['hash-object', '-w', '--stdin', '--no-filters'], content);
      return `100644 blob ${id}\t${path}\n`;
    });
    const tree = plainGit(scene.bare, ['mktree'], entries.join(''));
    const commit = plainGit(scene.bare, ['commit-tree', '-m', 'raw', tree]);
    plainGit(scene.bare, ['update-ref', 'refs/heads/main', commit]);
    return commit;
  }
});

describe('a workspace that cannot become a commit', () => {
  it.each([
    ['a new symbolic link', 'secret', (folder: string) => symlink('/etc/passwd', join(folder, 'secret'))],
    [
      'a file that became a link',
      'a.txt',
      async (folder: string) => {
        await rm(join(folder, 'a.txt'));
        await symlink('/etc/passwd', join(folder, 'a.txt'));
      },
    ],
    [
      'a link with a new target',
      'link',
      async (folder: string) => {
        await rm(join(folder, 'link'));
        await symlink('/etc/passwd', join(folder, 'link'));
      },
    ],
    [
      'a folder that became a link',
      'sub',
      async (folder: string) => {
        await rm(join(folder, 'sub'), { recursive: true });
        await symlink('/etc', join(folder, 'sub'));
      },
    ],
    [
      'a list of submodules',
      '.gitmodules',
      (folder: string) => writeFile(join(folder, '.gitmodules'), '[submodule "x"]\n'),
    ],
    ['a control character in a name', 'a\\u{1b}[31m', (folder: string) => writeFile(join(folder, 'a\u001b[31m'), 'x')],
    ['a new line in a name', 'a\\u{a}b', (folder: string) => writeFile(join(folder, 'a\nb'), 'x')],
    [
      'a .git folder in other letters',
      '.GIT/config',
      async (folder: string) => {
        await mkdir(join(folder, '.GIT'));
        await writeFile(join(folder, '.GIT/config'), 'x');
      },
    ],
    [
      'a short name of a .git folder',
      'sub/GIT~1/config',
      async (folder: string) => {
        await mkdir(join(folder, 'sub/GIT~1'));
        await writeFile(join(folder, 'sub/GIT~1/config'), 'x');
      },
    ],
    ['a device of Windows', 'sub/nul.md', (folder: string) => writeFile(join(folder, 'sub/nul.md'), 'x')],
    ['a stream of Windows', 'a.txt:b', (folder: string) => writeFile(join(folder, 'a.txt:b'), 'x')],
    ['a name that git would take for two', 'x\\y', (folder: string) => writeFile(join(folder, 'x\\y'), 'x')],
    [
      'a dot at the end of a folder',
      'new./b',
      async (folder: string) => {
        await mkdir(join(folder, 'new.'));
        await writeFile(join(folder, 'new./b'), 'x');
      },
    ],
    ['two names that differ in case', 'A.TXT', (folder: string) => writeFile(join(folder, 'A.TXT'), 'x')],
    [
      'a folder that is a repository without a working tree',
      'bare/HEAD',
      async (folder: string) => {
        plainGit(folder, ['init', '--quiet', '--bare', 'bare']);
        plainGit(join(folder, 'bare'), ['hash-object', '-w', '--stdin'], 'x');
        await writeFile(join(folder, 'bare/refs/heads/main'), `${'1'.repeat(40)}\n`);
      },
    ],
    [
      'two folders that differ in case',
      'SUB',
      async (folder: string) => {
        await mkdir(join(folder, 'SUB'));
        await writeFile(join(folder, 'SUB/other'), 'x');
      },
    ],
  ])('is refused by path: %s', async (_, path, spoil) => {
    await symlink('a.txt', join(scene.folder, 'source', 'link'));
    const { base, folder } = await open({ 'a.txt': 'one\n', 'sub/b.txt': 'two\n' });
    await spoil(folder);
    expect(await scene.capture(folder, base)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'unsafe_path', path },
    });
  });

  it('is not one because of a link that was there before', async () => {
    await symlink('a.txt', join(scene.folder, 'source', 'link'));
    const { base, folder } = await open({ 'a.txt': 'one\n' });
    await writeFile(join(folder, 'a.txt'), 'two\n');
    expect(await capturePaths(folder, base)).toEqual(['modified a.txt']);
    await rm(join(folder, 'link'));
    expect(await capturePaths(folder, base)).toEqual(['deleted link', 'modified a.txt']);
  });

  it('is refused with the largest file when there is too much of it', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n' });
    await writeFile(join(folder, 'large.bin'), Buffer.alloc(2_000_000));
    await writeFile(join(folder, 'small.bin'), Buffer.alloc(1000));
    expect(await scene.capture(folder, base, { maxBytes: 1_000_000 })).toEqual({
      kind: 'refused',
      refusal: { kind: 'too_large', bytes: 2_001_000, maxBytes: 1_000_000, path: 'large.bin' },
    });
  });

  it.each(['a.txt', 'new.bin'])('is refused before anything of a file without end is read: %s', async (name) => {
    const { base, folder } = await open({ 'a.txt': 'one\n' });
    const terabyte = 2 ** 40;
    await writeFile(join(folder, name), '');
    await truncate(join(folder, name), terabyte);
    const result = await scene.capture(folder, base, { maxBytes: 1_000_000 });
    expect(result).toMatchObject({ kind: 'refused', refusal: { kind: 'too_large', maxBytes: 1_000_000 } });
  });

  it('is refused when it names more paths than anybody could judge', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n' });
    plainGit(folder, ['-c', `alias.fill=!seq -f 'file-%g' 20001 | xargs touch`, 'fill']);
    expect(await scene.capture(folder, base)).toEqual({
      kind: 'refused',
      refusal: { kind: 'too_many_paths', maxPaths: 20_000 },
    });
  });

  it('is refused with what git said when a file is neither file nor link', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n' });
    await rm(join(folder, 'a.txt'));
    plainGit(folder, ['-c', 'alias.fifo=!mkfifo a.txt', 'fifo']);
    expect(await scene.capture(folder, base)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'corrupt', why: expect.stringContaining('a.txt') },
    });
  });
});

describe('repositories in the workspace', () => {
  it('are folders like any other, without their .git', async () => {
    const { base, folder } = await open({ 'a.txt': 'one\n', '.gitignore': '*.log\n' });
    for (const path of ['app', 'app/deeper']) {
      plainGit(folder, ['init', '--quiet', path]);
      await writeFile(join(folder, path, 'file.txt'), 'x\n');
      await writeFile(join(folder, path, 'skipped.log'), 'x\n');
      plainGit(join(folder, path), ['commit', '--quiet', '--allow-empty', '-m', 'inner']);
    }
    expect(await capturePaths(folder, base)).toEqual(['added app/deeper/file.txt', 'added app/file.txt']);
  });

  it('that stand where the base has a submodule are refused', async () => {
    const { base, folder } = await openWithSubmodule();
    plainGit(join(folder, 'module'), ['init', '--quiet']);
    plainGit(join(folder, 'module'), ['commit', '--quiet', '--allow-empty', '-m', 'other']);
    expect(await scene.capture(folder, base)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'unsafe_path', path: 'module' },
    });
  });

  it('that are submodules of the base stay as they are, and nothing can hide in them', async () => {
    const { base, folder } = await openWithSubmodule();
    await writeFile(join(folder, 'a.txt'), 'two\n');
    expect(await capturePaths(folder, base)).toEqual(['modified a.txt']);
    await writeFile(join(folder, 'module/lost.txt'), 'x\n');
    expect(await scene.capture(folder, base)).toMatchObject({
      refusal: { kind: 'unsafe_path', path: 'module/lost.txt' },
    });
  });

  async function openWithSubmodule(): Promise<{ base: string; folder: string }> {
    const file = await scene.commit('main', { 'a.txt': 'one\n' });
    const listing = plainGit(scene.bare, ['ls-tree', file]);
    const tree = plainGit(scene.bare, ['mktree', '--missing'], `${listing}\n160000 commit ${'2'.repeat(40)}\tmodule\n`);
    const base = plainGit(scene.bare, ['commit-tree', '-m', 'with a submodule', tree]);
    plainGit(scene.bare, ['update-ref', 'refs/heads/main', base]);
    await scene.fetch('main');
    return { base, folder: await scene.checkout(base) };
  }
});

describe('files that Git LFS keeps', () => {
  const toPointer = (digit: string) =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize 12345\n`;
  const attributes = '*.bin filter=lfs diff=lfs merge=lfs -text\n';
  const files = {
    '.gitattributes': attributes,
    'old.bin': toPointer('1'),
    'other.bin': toPointer('2'),
    'a.txt': 'one\n',
  };

  it('may be moved, copied and removed, and everything else may change', async () => {
    const { base, folder } = await open(files);
    await rename(join(folder, 'old.bin'), join(folder, 'moved.bin'));
    await writeFile(join(folder, 'copy.bin'), toPointer('2'));
    await rm(join(folder, 'other.bin'));
    await writeFile(join(folder, 'empty.bin'), '');
    await writeFile(join(folder, 'a.txt'), 'two\n');
    expect((await scene.capture(folder, base)).kind).toBe('captured');
  });

  it.each([
    ['a pointer to what nobody uploaded', 'new.bin', toPointer('3'), 'that was not uploaded'],
    ['such a pointer where no attribute asks for one', 'sub.txt', toPointer('3'), 'that was not uploaded'],
    ['a pointer that was turned elsewhere', 'old.bin', toPointer('3'), 'that was not uploaded'],
    ['content in the place of a pointer', 'old.bin', 'the content', 'keeps it in Git LFS'],
    ['new content of that kind', 'new.bin', 'the content', 'keeps it in Git LFS'],
    ['a pointer that none of git is', 'new.bin', toPointer('3').replace('oid', 'id'), 'keeps it in Git LFS'],
  ])('are refused by path: %s', async (_, path, content, why) => {
    const { base, folder } = await open(files);
    await writeFile(join(folder, path), content);
    expect(await scene.capture(folder, base)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'unsafe_path', path, why: expect.stringContaining(why) },
    });
  });

  it('are those of the attributes that the result has', async () => {
    const { base, folder } = await open(files);
    await writeFile(join(folder, '.gitattributes'), '*.dat filter=lfs\n');
    await writeFile(join(folder, 'new.bin'), 'content\n');
    expect((await scene.capture(folder, base)).kind).toBe('captured');
    await writeFile(join(folder, 'new.dat'), 'content\n');
    expect(await scene.capture(folder, base)).toMatchObject({ refusal: { path: 'new.dat' } });
  });
});
