import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentials } from './support/http-remote.ts';
import { gitAccepts, plainGit } from './support/plain-git.ts';
import { openScene, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe('checkout', () => {
  it('is on a branch of its own at exactly the commit, clean and ready to commit', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n', 'deep/b.txt': 'two\n' });
    await scene.commit('main', { 'a.txt': 'later\n' });
    await scene.fetch('main');
    const folder = await scene.checkout(commit);
    expect(plainGit(folder, ['rev-parse', 'HEAD'])).toBe(commit);
    expect(plainGit(folder, ['symbolic-ref', 'HEAD'])).toBe('refs/heads/work');
    expect(plainGit(folder, ['status', '--porcelain'])).toBe('');
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('one\n');
    expect(plainGit(folder, ['config', 'user.email'])).toBe('agent@gatepilot.invalid');
    plainGit(folder, ['commit', '--quiet', '--allow-empty', '-m', 'of the agent']);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('holds no remote, no hook, and no trace of where it came from', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const folder = await scene.checkout(commit);
    expect(plainGit(folder, ['remote'])).toBe('');
    expect(plainGit(folder, ['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/work');
    const found = await readdir(join(folder, '.git'), { recursive: true, withFileTypes: true });
    expect(found.filter((entry) => /^(?:hooks|FETCH_HEAD|alternates)$/.test(entry.name))).toEqual([]);
    for (const entry of found.filter((item) => item.isFile())) {
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      for (const trace of [scene.hostFolder, scene.remote.origin, credentials.password])
        expect(text).not.toContain(trace);
    }
  });

  it('holds the objects of its own recent history and of nothing else', async () => {
    const first = await scene.commit('main', { 'a.txt': 'one\n' });
    let commit = first;
    for (let count = 0; count < 60; count += 1) {
      commit = plainGit(scene.bare, ['commit-tree', '-p', commit, '-m', `${count}`, `${first}^{tree}`]);
    }
    plainGit(scene.bare, ['update-ref', 'refs/heads/main', commit]);
    const secret = await scene.commit('embargoed', { 'b.txt': 'secret\n' });
    await scene.fetch('main');
    await scene.git.updateRef(scene.repository, 'refs/gatepilot/run/1', secret, undefined);
    const folder = await scene.checkout(commit);
    expect(plainGit(folder, ['rev-list', '--count', 'HEAD'])).toBe('50');
    expect(gitAccepts(folder, ['cat-file', '-e', secret])).toBe(false);
    expect(gitAccepts(folder, ['cat-file', '-e', `${secret}:b.txt`])).toBe(false);
    expect(gitAccepts(folder, ['cat-file', '-e', first])).toBe(false);
    expect(gitAccepts(folder, ['fsck', '--strict'])).toBe(true);
  });

  it('shares no file with the mirror', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const folder = await scene.checkout(commit);
    const entries = await readdir(join(folder, '.git'), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((item) => item.isFile())) {
      expect((await lstat(join(entry.parentPath, entry.name))).nlink).toBe(1);
    }
  });

  it('keeps executable bits, binary content and links', async () => {
    const binary = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) % 256);
    const source = join(scene.folder, 'source');
    await writeFile(join(source, 'run.sh'), '#!/bin/sh\n');
    await chmod(join(source, 'run.sh'), 0o755);
    await symlink('run.sh', join(source, 'link'));
    const commit = await scene.commit('main', { 'data.bin': binary });
    await scene.fetch('main');
    const folder = await scene.checkout(commit);
    expect((await stat(join(folder, 'run.sh'))).mode & 0o111).toBe(0o111);
    expect(await readlink(join(folder, 'link'))).toBe('run.sh');
    expect(Buffer.compare(await readFile(join(folder, 'data.bin')), binary)).toBe(0);
  });

  it('refuses a folder that holds something, and leaves it as it is', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const folder = join(scene.folder, 'taken');
    await mkdir(folder);
    await writeFile(join(folder, 'mine'), 'kept');
    await expect(scene.git.checkout(scene.repository, commit, folder)).rejects.toThrow('not empty');
    expect(await readdir(folder)).toEqual(['mine']);
  });

  it('leaves nothing behind when the commit is not there', async () => {
    const folder = join(scene.folder, 'failed');
    await expect(scene.git.checkout(scene.repository, '1'.repeat(40), folder)).rejects.toMatchObject({ system: 'git' });
    expect(await readdir(scene.folder)).not.toContain('failed');
  });

  it('does not write into .git what a commit says lies there', async () => {
    await scene.commit('main', { 'a.txt': 'one\n' });
    const blob = plainGit(scene.bare, ['hash-object', '-w', '--stdin'], '#!/bin/sh\n');
    const hooks = plainGit(scene.bare, ['mktree'], `100755 blob ${blob}\tpost-checkout\n`);
    const gitFolder = plainGit(scene.bare, ['mktree'], `040000 tree ${hooks}\thooks\n`);
    const tree = plainGit(scene.bare, ['mktree'], `040000 tree ${gitFolder}\t.git\n`);
    const commit = plainGit(scene.bare, ['commit-tree', '-m', 'hostile', tree]);
    plainGit(scene.bare, ['update-ref', 'refs/heads/hostile', commit]);
    await scene.fetch('hostile');
    const folder = join(scene.folder, 'hostile');
    await expect(scene.git.checkout(scene.repository, commit, folder)).rejects.toMatchObject({ retry: 'never' });
    expect(await readdir(scene.folder)).not.toContain('hostile');
  });

  it('handles 10,000 files', async () => {
    const files = Array.from({ length: 10_000 }, (_, index) => {
      const content = `content ${index}\n`;
      return `M 644 inline d${index % 100}/f${index}.txt\ndata ${content.length}\n${content}`;
    });
    const header = 'commit refs/heads/main\ncommitter Test <test@example.com> 0 +0000\ndata 0\n';
    plainGit(scene.bare, ['fast-import', '--quiet'], `${header}${files.join('')}`);
    const commit = await scene.fetch('main');
    const folder = await scene.checkout(commit);
    expect(plainGit(folder, ['ls-files']).split('\n')).toHaveLength(10_000);
    expect(plainGit(folder, ['status', '--porcelain'])).toBe('');
    await writeFile(join(folder, 'd7/f7.txt'), 'changed\n');
    const result = await scene.capture(folder, commit);
    expect(result).toMatchObject({ kind: 'captured', changed: [{ path: 'd7/f7.txt', status: 'modified' }] });
  }, 120_000);
});
