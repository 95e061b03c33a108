// What host-side git listens to: our own settings, and nothing that lies about.
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGit } from '../../src/git/create-git.ts';
import { hostEnvironment } from '../../src/git/git-environment.ts';
import { createRunGit } from '../../src/git/run-git.ts';
import { runProcess } from '../../src/subprocess/run-process.ts';
import { credentials } from './support/http-remote.ts';
import { plainGit } from './support/plain-git.ts';
import { openScene, type Scene } from './support/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('git on the host', () => {
  it('runs no hook, wherever it was put', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const canary = join(scene.folder, 'canary');
    const hook = `#!/bin/sh\ntouch ${canary}\n`;
    const ownHooks = join(scene.mirror, 'hooks');
    const usersHooks = join(scene.folder, 'hooks');
    for (const folder of [ownHooks, usersHooks]) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'reference-transaction'), hook, { mode: 0o755 });
    }
    await writeFile(join(scene.hostFolder, 'home/.gitconfig'), `[core]\n\thooksPath = ${usersHooks}\n`);
    expect(await scene.git.updateRef(scene.repository, 'refs/gatepilot/x', commit, undefined)).toBe(true);
    await scene.fetch('main');
    expect(await exists(canary)).toBe(false);
    plainGit(scene.mirror, ['update-ref', 'refs/gatepilot/y', commit]);
    expect(await exists(canary)).toBe(true);
  });

  it('is not misled by replacement objects', async () => {
    const first = await scene.commit('main', { 'a.txt': 'true\n' });
    const second = await scene.commit('main', { 'a.txt': 'false\n' });
    await scene.fetch('main');
    plainGit(scene.mirror, ['update-ref', `refs/replace/${first}`, second]);
    expect(await scene.git.readFile(scene.repository, first, 'a.txt', 100)).toBe('true\n');
    expect(plainGit(scene.mirror, ['show', `${first}:a.txt`])).toBe('false');
  });

  it('uses no transport that a call does not ask for', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    await scene.fetch('main');
    const home = await mkdtemp(join(tmpdir(), 'gatepilot-home-'));
    try {
      const run = createRunGit({ gitPath: 'git', flockPath: 'flock', home, logger: undefined, runProcess });
      const read = (address: string, transport?: 'file' | 'network') =>
        run({ args: ['ls-remote', '--', address], transport });
      expect((await read(scene.bare, 'file')).stdout.toString()).toContain(commit);
      for (const outcome of [
        await read(scene.bare),
        await read(scene.bare, 'network'),
        await read(scene.repository.url, 'file'),
      ]) {
        expect(outcome.stderr).toContain('not allowed');
      }
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('reaches GitHub as the operator says, and uses that for nothing else', async () => {
    const commit = await scene.commit('main', { 'a.txt': 'one\n' });
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      const { pathname, search } = new URL(request.url ?? '');
      asked.push(request.url ?? '');
      const { method, headers } = request;
      const onward = forward(`${scene.remote.origin}${pathname}${search}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const wayOut = { http_proxy: `http://127.0.0.1:${port}`, no_proxy: '127.0.0.1', GIT_SSL_CAINFO: '/ca.pem' };
    const repository = { key: 'github.invalid/8', url: 'http://github.invalid/project.git' };
    try {
      const git = createGit({ folder: join(scene.folder, 'behind-a-proxy'), wayOut });
      expect(await git.fetch(repository, credentials, 'refs/heads/main')).toBe(commit);
    } finally {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    }
    expect(asked[0]).toContain('http://github.invalid/project.git/info/refs');
    expect(hostEnvironment({ home: '/empty', transport: 'network', wayOut })).toMatchObject(wayOut);
    for (const transport of [undefined, 'file'] as const)
      expect(hostEnvironment({ home: '/empty', transport, wayOut })).not.toHaveProperty('http_proxy');
  });

  it('gets the token for the call that needs it, and nothing of this process', () => {
    const plain = hostEnvironment({ home: '/empty' });
    const withToken = hostEnvironment({ home: '/empty', transport: 'network', token: credentials });
    expect(JSON.stringify(plain)).not.toContain('Authorization');
    expect(JSON.stringify(withToken)).toContain('Authorization: Basic ');
    expect(Object.keys(plain).filter((name) => !/^(?:PATH|HOME|XDG_CONFIG_HOME|LC_ALL|GIT_\w+)$/.test(name))).toEqual(
      [],
    );
  });
});
