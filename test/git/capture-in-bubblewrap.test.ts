// The same capture in the real sandbox: another user, a read-only workspace, and no way out.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxProvider } from '../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { readMachineTools } from '../prerequisite/machine-tools.ts';
import { plainGit } from './support/plain-git.ts';
import { openScene, requireCaptured, type Scene } from './support/scene.ts';

const mebibyte = 1024 * 1024;
const maxBytes = 10 * mebibyte;

let scene: Scene;
let provider: SandboxProvider;
beforeAll(async () => {
  scene = await openScene();
  // The sandbox's user passes through the folders above a workspace.
  await chmod(scene.folder, 0o711);
  const { bubblewrap: tools } = await readMachineTools('bubblewrap');
  const stateFolder = join(scene.folder, 'sandbox-state');
  provider = await createBubblewrapProvider({ tools, stateFolder, nodePath: process.execPath });
});
afterAll(() => scene.close());

const open = (path: string, limits: { outputBytes?: number; wallMs?: number } = {}): Promise<Sandbox> =>
  provider.create({
    id: 'capture',
    workspace: { path, access: 'read-only' },
    readOnly: [],
    env: {},
    network: { mode: 'deny' },
    limits: {
      memoryBytes: 512 * mebibyte,
      pids: 64,
      cpuSeconds: 60,
      diskBytes: 256 * mebibyte,
      wallMs: limits.wallMs ?? 60_000,
      outputBytes: limits.outputBytes ?? maxBytes + 32 * mebibyte,
    },
  });

describe('a capture in bubblewrap', () => {
  it('brings out what changed, over a workspace that was armed against git', async () => {
    const base = await scene.commit('main', { 'a.txt': 'one\n', 'deep/b.txt': 'two\n' });
    await scene.fetch('main');
    const workspace = await scene.checkout(base);
    const canary = join(scene.folder, 'canary');
    const binary = Uint8Array.from({ length: 3 * mebibyte }, (_, index) => (index * index * 31) % 251);
    await writeFile(join(workspace, 'data.bin'), binary);
    await writeFile(join(workspace, '.gitattributes'), '* filter=evil diff=evil\n');
    await rm(join(workspace, 'deep/b.txt'));
    for (const key of [
      'core.fsmonitor',
      'filter.evil.clean',
      'diff.evil.textconv',
      'core.sshCommand',
      'diff.external',
    ]) {
      plainGit(workspace, ['config', key, `touch ${canary}; cat`]);
    }
    const result = requireCaptured(
      await scene.capture(workspace, base, { maxBytes, openSandbox: () => open(workspace) }),
    );
    expect(result.changed.map(({ path, status }) => `${status} ${path}`)).toEqual([
      'added .gitattributes',
      'added data.bin',
      'deleted deep/b.txt',
    ]);
    await expect(rm(canary)).rejects.toThrow('ENOENT');
    const again = await scene.checkout(result.commit);
    expect(plainGit(again, ['hash-object', '--no-filters', 'data.bin'])).toBe(
      plainGit(scene.folder, ['hash-object', '--stdin'], binary),
    );
  });

  it('finds nothing when nothing changed', async () => {
    const base = await scene.commit('main', { 'a.txt': 'same\n' });
    await scene.fetch('main');
    const workspace = await scene.checkout(base);
    expect(await scene.capture(workspace, base, { maxBytes, openSandbox: () => open(workspace) })).toEqual({
      kind: 'unchanged',
    });
  });

  it('does not leave out in silence what it may not read', async () => {
    const base = await scene.commit('main', { 'a.txt': 'kept\n' });
    await scene.fetch('main');
    for (const mode of ['folder', 'file']) {
      const workspace = await scene.checkout(base);
      await mkdir(join(workspace, 'folder'));
      await writeFile(join(workspace, 'folder/file'), 'x\n');
      await chmod(join(workspace, mode === 'folder' ? 'folder' : 'folder/file'), 0o000);
      const result = await scene.capture(workspace, base, { maxBytes, openSandbox: () => open(workspace) });
      expect(result).toMatchObject({ kind: 'refused', refusal: { kind: 'corrupt' } });
    }
  });

  it('fails, and refuses nothing, when the sandbox is too small or too slow for it', async () => {
    const base = await scene.commit('main', { 'a.txt': 'other\n' });
    await scene.fetch('main');
    const workspace = await scene.checkout(base);
    await writeFile(join(workspace, 'large.bin'), randomBytes(300_000));
    const capture = (limits: { outputBytes?: number; wallMs?: number }) =>
      scene.capture(workspace, base, { maxBytes, openSandbox: () => open(workspace, limits) });
    await expect(capture({ outputBytes: 1000 })).rejects.toMatchObject({ system: 'sandbox', retry: 'never' });
    await expect(capture({ wallMs: 1 })).rejects.toMatchObject({ system: 'sandbox', retry: 'soon' });
  });
});
