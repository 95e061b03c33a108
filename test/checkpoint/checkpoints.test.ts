// Checkpoints over hostile workspaces, in the real sandbox: packed on one host, unpacked over a fresh checkout on another.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shelfOf } from '../../src/artifact/shelf-of.ts';
import { createCheckpoints } from '../../src/checkpoint/create-checkpoints.ts';
import type { CheckpointPort, TakenCheckpoint } from '../../src/engine/port/checkpoint.ts';
import type { Sandbox, SandboxProvider } from '../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { plainGit } from '../git/support/plain-git.ts';
import { openScene, type Scene } from '../git/support/scene.ts';
import { readMachineTools } from '../prerequisite/machine-tools.ts';

const mebibyte = 1024 * 1024;
const maxBytes = 8 * mebibyte;
const never = new AbortController().signal;

let scene: Scene;
let provider: SandboxProvider;
let checkpoints: CheckpointPort;
let folder: string;
let base: string;
beforeAll(async () => {
  scene = await openScene();
  // The sandbox's user passes through the folders above a workspace.
  await chmod(scene.folder, 0o711);
  const { bubblewrap: tools } = await readMachineTools('bubblewrap');
  const stateFolder = join(scene.folder, 'sandbox-state');
  provider = await createBubblewrapProvider({ tools, stateFolder, nodePath: process.execPath });
  folder = join(scene.folder, 'artifacts');
  checkpoints = createCheckpoints({ folder });
  base = await scene.commit('main', {
    'a.txt': 'one\n',
    'deep/b.txt': 'two\n',
    'deep/c.txt': 'three\n',
    'folder/x.txt': 'x\n',
    'file.txt': 'f\n',
    '.gitignore': 'build/\n',
  });
  await scene.fetch('main');
});
afterAll(() => scene.close());

const owner = { repository: 'example.com/7', number: 3, run: 'r1', task: 'one' };

function open(path: string, access: 'read-only' | 'read-write', diskBytes = 256 * mebibyte): Promise<Sandbox> {
  return provider.create({
    id: 'checkpoint',
    workspace: { path, access },
    readOnly: [],
    env: {},
    network: { mode: 'deny' },
    limits: {
      memoryBytes: 512 * mebibyte,
      pids: 64,
      cpuSeconds: 60,
      diskBytes,
      wallMs: 60_000,
      outputBytes: maxBytes + mebibyte,
    },
  });
}

const take = (workspace: string, signal = never): Promise<TakenCheckpoint> =>
  checkpoints.take(owner, { base, maxBytes, openSandbox: () => open(workspace, 'read-only') }, signal);

async function requireTaken(workspace: string): Promise<string> {
  const taken = await take(workspace);
  if (taken.kind !== 'kept') throw new Error(taken.why);
  return taken.id;
}

async function restore(id: string): Promise<string> {
  const workspace = await scene.checkout(base);
  const end = await checkpoints.restore(owner, id, () => open(workspace, 'read-write'), never);
  if (end.kind !== 'restored') throw new Error(end.why);
  return workspace;
}

/** As of a program that was killed: whoever ends by itself takes it away. */
function leaveSocket(cwd: string): void {
  const listen = "require('node:net').createServer().listen('socket', () => process.kill(process.pid, 'SIGKILL'))";
  spawnSync(process.execPath, ['-e', listen], { cwd });
}

/** Everything that a workspace holds but git's own files. */
async function list(workspace: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = async (path: string): Promise<void> => {
    const name = relative(workspace, path);
    const facts = await lstat(path);
    const isGit = name === '.git';
    if (facts.isSymbolicLink()) found[name] = `-> ${await readlink(path)}`;
    else if (facts.isFile())
      found[name] = `${(facts.mode & 0o777).toString(8)} ${(await readFile(path)).toString('base64')}`;
    else if (facts.isDirectory())
      for (const child of await readdir(path)) if (!isGit || child === 'agent-home') await visit(join(path, child));
  };
  await visit(workspace);
  return found;
}

describe('a checkpoint', () => {
  it('holds what the base does not have and the home of the agent, and nothing else is needed to go on', async () => {
    const workspace = await scene.checkout(base);
    await writeFile(join(workspace, 'a.txt'), 'ONE\n');
    // The same size at the same time: what a quick look would not see.
    await utimes(join(workspace, 'a.txt'), 1_000_000_000, 1_000_000_000);
    await rm(join(workspace, 'deep/b.txt'));
    await rm(join(workspace, 'folder'), { recursive: true });
    await writeFile(join(workspace, 'folder'), 'now a file\n');
    await rm(join(workspace, 'file.txt'));
    await mkdir(join(workspace, 'file.txt/below'), { recursive: true });
    await writeFile(join(workspace, 'file.txt/below/it'), 'now a folder\n');
    await mkdir(join(workspace, 'build'));
    await writeFile(join(workspace, 'build/out'), 'ignored, and kept all the same\n', { mode: 0o755 });
    await writeFile(join(workspace, '--files-from=x\n-rf "q"'), 'a name\n');
    await symlink('/etc/passwd', join(workspace, 'link'));
    await mkdir(join(workspace, 'nested'));
    plainGit(join(workspace, 'nested'), ['init', '--quiet']);
    await writeFile(join(workspace, 'nested/n.txt'), 'nested\n');
    await mkdir(join(workspace, '.git/agent-home/sessions'), { recursive: true });
    await mkdir(join(workspace, '.git/agent-home/.npm'));
    await writeFile(join(workspace, '.git/agent-home/.npm/cache'), randomBytes(2 * maxBytes));
    await writeFile(join(workspace, '.git/agent-home/sessions/s1.jsonl'), '{"said":"zebra"}\n', { mode: 0o600 });
    const before = await list(workspace);

    const restored = await restore(await requireTaken(workspace));
    delete before['.git/agent-home/.npm/cache'];
    expect(await list(restored)).toEqual(before);
    // The git folder is the host's own.
    expect(plainGit(restored, ['rev-parse', 'HEAD'])).toBe(base);
  });

  it('carries nothing of what the agent made of the git folder, and runs none of it', async () => {
    const workspace = await scene.checkout(base);
    const canary = join(workspace, 'canary');
    await writeFile(join(workspace, '.gitattributes'), '* filter=evil diff=evil\n');
    for (const key of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.process', 'diff.external', 'core.hooksPath'])
      plainGit(workspace, ['config', key, `touch ${canary}; true`]);
    await writeFile(join(workspace, '.git/hooks-are-here'), '');
    const restored = await restore(await requireTaken(workspace));
    expect(await readFile(join(restored, '.git/config'), 'utf8')).not.toContain('evil');
    expect(await readdir(join(restored, '.git'))).not.toContain('hooks-are-here');
    expect(await readdir(restored)).not.toContain('canary');
  });

  it('of special files, large holes and links is no larger than they are, and harms nobody', async () => {
    const workspace = await scene.checkout(base);
    await mkdir(join(workspace, '.git/agent-home'));
    execFileSync('mkfifo', [join(workspace, 'pipe'), join(workspace, '.git/agent-home/pipe')]);
    leaveSocket(join(workspace, '.git/agent-home'));
    await writeFile(join(workspace, 'holes'), '');
    await truncate(join(workspace, 'holes'), 100 * mebibyte);
    const outside = join(scene.folder, 'outside');
    await mkdir(outside);
    await symlink(outside, join(workspace, 'way'));
    expect(await readdir(join(workspace, '.git/agent-home'))).toContain('socket');
    const restored = await restore(await requireTaken(workspace));
    const { size, blocks } = await stat(join(restored, 'holes'));
    expect([size, blocks < 1_000]).toEqual([100 * mebibyte, true]);
    expect(await readlink(join(restored, 'way'))).toBe(outside);
    expect(await readdir(outside)).toEqual([]);
  });

  it('is refused where it is too large, where something cannot be read, and where its base is gone', async () => {
    const large = await scene.checkout(base);
    await writeFile(join(large, 'large.bin'), randomBytes(maxBytes + mebibyte));
    expect(await take(large)).toEqual({ kind: 'refused', why: `it is larger than ${maxBytes} bytes` });

    const gone = await scene.checkout(base);
    await rm(join(gone, '.git'), { recursive: true });
    expect(await take(gone)).toMatchObject({ kind: 'refused' });
    expect(await readdir(join(shelfOf(folder, owner.repository), 'checkpoints/c-3/c-r1/c-one'))).not.toContain(
      undefined,
    );
  });

  it('of files that change while they are read is refused, and says of which', async () => {
    const grows = await scene.checkout(base);
    const log = join(grows, 'log.bin');
    await writeFile(log, randomBytes(6 * mebibyte));
    const writer = setInterval(() => appendFileSync(log, 'more\n'), 1);
    const taken = await take(grows).finally(() => clearInterval(writer));
    expect(taken).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('log.bin: file changed as we read it'),
    });
    expect(await take(grows)).toMatchObject({ kind: 'kept' });
  });

  it('that is gone, damaged, or larger than the workspace may be is not restored, and says which', async () => {
    const workspace = await scene.checkout(base);
    await writeFile(join(workspace, 'much.bin'), Buffer.alloc(40 * mebibyte));
    const id = await requireTaken(workspace);
    const into = await scene.checkout(base);
    const refused = (name: string, at = owner) =>
      checkpoints.restore(at, name, () => open(into, 'read-write', 16 * mebibyte), never);
    expect(await refused(id)).toMatchObject({ kind: 'refused', reason: 'not_restored' });
    expect(await refused('0'.repeat(64))).toMatchObject({ reason: 'gone' });
    expect(await refused('../../../../etc/passwd')).toMatchObject({ reason: 'gone' });
    // It is another task's.
    expect(await refused(id, { ...owner, task: 'two' })).toMatchObject({ reason: 'gone' });
    const path = join(shelfOf(folder, owner.repository), 'checkpoints/c-3/c-r1/c-one', id);
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    expect(await refused(id)).toMatchObject({ reason: 'corrupt' });
  });

  it('is broken off at once by a stop, while it is packed and while it is restored', async () => {
    const workspace = await scene.checkout(base);
    await writeFile(join(workspace, 'b.txt'), 'b\n');
    const id = await requireTaken(workspace);
    const stopped = AbortSignal.abort();
    expect(await take(workspace, stopped)).toMatchObject({ kind: 'refused' });
    const into = await scene.checkout(base);
    const end = await checkpoints.restore(owner, id, () => open(into, 'read-write'), stopped);
    expect(end).toMatchObject({ kind: 'refused' });
    expect(await readdir(into)).not.toContain('b.txt');
  });

  it('goes with its task, its run or its subject, and no other', async () => {
    const workspace = await scene.checkout(base);
    await writeFile(join(workspace, 'c.txt'), 'c\n');
    const openSandbox = () => open(workspace, 'read-only');
    const others = [{ task: 'two' }, { run: 'r2' }, { number: 33 }, { task: '../two' }].map((part) => ({
      ...owner,
      ...part,
    }));
    const ids: string[] = [];
    for (const one of [owner, ...others]) {
      const taken = await checkpoints.take(one, { base, maxBytes, openSandbox }, never);
      ids.push(taken.kind === 'kept' ? taken.id : taken.why);
    }
    const isThere = async (one: typeof owner, at: number) => {
      const into = await scene.checkout(base);
      return (await checkpoints.restore(one, ids[at] ?? '', () => open(into, 'read-write'), never)).kind === 'restored';
    };
    const listThere = () => Promise.all([owner, ...others].map(isThere));
    await checkpoints.dropAll(owner);
    expect(await listThere()).toEqual([false, true, true, true, true]);
    await checkpoints.dropAll({ repository: owner.repository, number: 3, run: 'r1' });
    expect(await listThere()).toEqual([false, false, true, true, false]);
    await checkpoints.dropAll({ repository: owner.repository, number: 3 });
    expect(await listThere()).toEqual([false, false, false, true, false]);
  });
});
