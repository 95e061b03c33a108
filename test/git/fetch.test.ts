import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import { createGit } from '../../src/git/create-git.ts';
import { credentials, startHttpRemote } from './support/http-remote.ts';
import { gitAccepts, plainGit } from './support/plain-git.ts';
import { openScene, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe('fetch', () => {
  it('returns what a branch, a full ref and a SHA name on the remote', async () => {
    const main = await scene.commit('main', { 'a.txt': 'one\n' });
    const topic = await scene.commit('topic/x', { 'a.txt': 'two\n' });
    plainGit(scene.bare, ['update-ref', 'refs/pull/7/head', topic]);
    plainGit(scene.bare, ['update-ref', '-d', 'refs/heads/topic/x']);
    const read = (ref: string) => scene.git.fetch(scene.repository, credentials, ref);
    expect(await read('main')).toBe(main);
    expect(await read('refs/heads/main')).toBe(main);
    expect(await read('refs/pull/7/head')).toBe(topic);
    expect(await read(main)).toBe(main);
  });

  it('brings a commit that only a pull request reaches when its SHA is asked for', async () => {
    await scene.commit('main', { 'a.txt': 'one\n' });
    const fork = await scene.commit('fork', { 'a.txt': 'two\n' });
    plainGit(scene.bare, ['update-ref', 'refs/pull/8/head', fork]);
    plainGit(scene.bare, ['update-ref', '-d', 'refs/heads/fork']);
    expect(await scene.git.fetch(scene.repository, credentials, fork)).toBe(fork);
  });

  it.each([
    'missing',
    'refs/pull/9/head',
    '0123456789012345678901234567890123456789',
    '--upload-pack=touch /tmp/x',
    'a..b',
    'refs/heads/@{u}',
  ])('returns nothing for %s', async (ref) => {
    await scene.commit('main', { 'a.txt': 'one\n' });
    expect(await scene.git.fetch(scene.repository, credentials, ref)).toBeUndefined();
  });

  it('follows rewritten and deleted branches and leaves our own refs alone', async () => {
    const first = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.commit('gone', { 'b.txt': 'two\n' });
    await scene.fetch('gone');
    await scene.git.updateRef(scene.repository, 'refs/gatepilot/run/1', first, undefined);
    plainGit(scene.bare, ['update-ref', '-d', 'refs/heads/gone']);
    plainGit(scene.bare, ['update-ref', 'refs/heads/gone/below', first]);
    expect(await scene.git.fetch(scene.repository, credentials, 'gone')).toBeUndefined();
    expect(await scene.fetch('gone/below')).toBe(first);
    expect(await scene.git.readRef(scene.repository, 'refs/gatepilot/run/1')).toBe(first);
  });

  it('keeps the mirrors of two repositories apart', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const other = { ...scene.repository, key: 'example.com/8' };
    expect(await scene.git.treeOf(other, commit)).toBeUndefined();
  });

  it('keeps everything in a folder that nobody else can enter', async () => {
    await mkdir(scene.hostFolder, { mode: 0o755 });
    await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const { mode } = await stat(scene.hostFolder);
    expect(mode & 0o777).toBe(0o700);
  });
});

describe('the token', () => {
  it('is in no argument, no file and no message', async () => {
    const log = join(scene.folder, 'arguments');
    const wrapper = join(scene.folder, 'recording-git');
    await writeFile(wrapper, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec git "$@"\n`, { mode: 0o755 });
    const git = createGit({ folder: scene.hostFolder, gitPath: wrapper });
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await git.fetch(scene.repository, credentials, 'main');
    await git.push({ repository: scene.repository, token: credentials, commit, branch: 'new', expected: undefined });
    scene.remote.answerWith({ status: 403 });
    const error = await git.fetch(scene.repository, credentials, 'main').catch(String);

    const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    expect(scene.remote.authorizations).toContain(`Basic ${basic}`);
    const written = [await readFile(log, 'utf8'), String(error), ...(await readAll(scene.hostFolder))].join('\n');
    expect(written).toContain('fetch');
    expect(written).not.toContain(credentials.password);
    expect(written).not.toContain(basic);
  });

  it('is taken out of what git says', async () => {
    const wrapper = join(scene.folder, 'talking-git');
    const script = `#!/bin/sh
if [ "$1" != fetch ]; then exec git "$@"; fi
env | sed -n 's/^.*Authorization/fatal: Authorization/p' >&2
echo "fatal: the password is ${credentials.password}" >&2
exit 128
`;
    await writeFile(wrapper, script, { mode: 0o755 });
    const git = createGit({ folder: scene.hostFolder, gitPath: wrapper });
    await expect(git.fetch(scene.repository, credentials, 'main')).rejects.toThrow(
      'fatal: Authorization: Basic *** fatal: the password is ***',
    );
  });

  it('does not travel with a redirect to another host', async () => {
    await scene.commit('main', { 'a.txt': 'one\n' });
    const other = await startHttpRemote(join(scene.folder, 'remote'));
    try {
      scene.remote.answerWith({
        status: 301,
        headers: { location: `${other.origin}/project.git/info/refs?service=git-upload-pack` },
      });
      await expect(scene.fetch('main')).rejects.toMatchObject({ system: 'git', retry: 'never' });
      expect(other.authorizations).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is refused in an address, and so is every transport but the web', async () => {
    for (const url of ['http://user:pass@127.0.0.1/x.git', `file://${scene.bare}`, 'ext::sh -c id', 'ssh://host/x']) {
      await expect(scene.git.fetch({ key: 'k', url }, credentials, 'main')).rejects.not.toBeInstanceOf(ExternalError);
    }
  });
});

describe('a failing remote', () => {
  it.each([
    [401, 'never'],
    [403, 'never'],
    [404, 'never'],
    [429, 'soon'],
    [500, 'soon'],
    [503, 'soon'],
  ] as const)('that answers %i is worth another try: %s', async (status, retry) => {
    scene.remote.answerWith({ status, headers: status === 401 ? { 'www-authenticate': 'Basic realm="x"' } : {} });
    await expect(scene.fetch('main')).rejects.toMatchObject({ name: 'ExternalError', system: 'git', retry });
  });

  it('that refuses the token is final', async () => {
    const token = { ...credentials, password: 'wrong-password-of-this-test' };
    const error = await scene.git.fetch(scene.repository, token, 'main').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ExternalError', retry: 'never' });
    expect(String(error)).not.toContain('wrong-password');
  });

  it('that is not there is worth another try', async () => {
    const gone = await startHttpRemote(scene.folder);
    await gone.close();
    const repository = { key: 'gone', url: `${gone.origin}/project.git` };
    await expect(scene.git.fetch(repository, credentials, 'main')).rejects.toMatchObject({ retry: 'soon' });
  });

  it('and a git program that is not there are told apart', async () => {
    const git = createGit({ folder: scene.hostFolder, gitPath: '/nonexistent/git' });
    await expect(git.fetch(scene.repository, credentials, 'main')).rejects.toMatchObject({ retry: 'never' });
  });
});

describe('one mirror', () => {
  it('has one writing git process at a time, whoever asks', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    const wrapper = join(scene.folder, 'watching-git');
    const busy = join(scene.folder, 'busy');
    const trace = join(scene.folder, 'trace');
    const script = `#!/bin/sh
case "$1" in fetch) ;; *) exec git "$@" ;; esac
mkdir '${busy}' || echo overlap >> '${trace}'
git "$@"
code=$?
echo done >> '${trace}'
rmdir '${busy}'
exit $code
`;
    await writeFile(wrapper, script, { mode: 0o755 });
    const folder = join(scene.folder, 'shared-host');
    // Two ports over one folder have nothing in common but the files, as two processes have.
    const ports = [createGit({ folder, gitPath: wrapper }), createGit({ folder, gitPath: wrapper })];
    const fetches = [...ports, ...ports, ...ports].map((git) => git.fetch(scene.repository, credentials, 'main'));
    expect(await Promise.all(fetches)).toEqual(Array(6).fill(commit));
    expect((await readFile(trace, 'utf8')).trim().split('\n')).toEqual(Array(6).fill('done'));
  });

  it('recovers from a git process that died and left its lock files', async () => {
    await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    for (const lock of ['refs/heads/main.lock', 'packed-refs.lock']) await writeFile(join(scene.mirror, lock), '');
    const next = await scene.commit('main', { 'a.txt': 'two\n' });
    expect(await scene.fetch('main')).toBe(next);
    expect(gitAccepts(scene.mirror, ['fsck', '--strict'])).toBe(true);
  });
});

async function readAll(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  );
}
