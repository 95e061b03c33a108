// What is asked of an image, no more and no less: our scripts do their work where there is nothing else, and not where one is missing.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCheckpoints } from '../../../src/checkpoint/create-checkpoints.ts';
import { packScript, unpackScript } from '../../../src/checkpoint/pack-script.ts';
import { detectSetup } from '../../../src/core/setup/detect-setup.ts';
import type { Sandbox, SandboxSpec } from '../../../src/engine/port/sandbox.ts';
import { neededPrograms, refuseWithoutPrograms, tryTar } from '../../../src/sandbox/oci/needed-programs.ts';
import { renderStartScript } from '../../../src/sandbox/oci/start-script.ts';
import { openProcessSandbox } from '../../git/support/process-sandbox.ts';
import { openScene, type Scene } from '../../git/support/scene.ts';

/** At the start of every process and in the proof of a memory limit, neither of which can be played without a container. */
const ofStart = ['env', 'dd'];
const places = ['/usr/bin', '/bin'];
const never = new AbortController().signal;
const owner = { repository: 'example.com/7', number: 3, run: 'r1', task: 'one' };

let scene: Scene;
let base: string;
let everything: string;
beforeAll(async () => {
  scene = await openScene();
  base = await scene.commit('main', { 'kept.txt': 'one\r\n', 'gone.txt': 'two\n', 'changed.txt': 'three\n' });
  await scene.fetch('main');
  everything = await work(['sh', ...neededPrograms]);
});
afterAll(() => scene.close());

describe('the programs that an image needs', () => {
  it('are enough for a capture, a checkpoint and a set-up', () => {
    expect(JSON.parse(everything)).toEqual({
      capture: ['added nested/new.txt', 'deleted gone.txt', 'modified changed.txt'],
      checkpoint: ['kept', 'restored', ['.git', 'changed.txt', 'kept.txt', 'nested']],
      setup: ['package', 'linked'],
    });
  });

  it.each(neededPrograms.filter((name) => !ofStart.includes(name)))('are not enough without %s', async (name) => {
    const had = ['sh', ...neededPrograms].filter((program) => program !== name);
    expect(await work(had)).not.toBe(everything);
  });

  it('are tried with every option that a checkpoint needs, and a tar that has them not is refused by name', async () => {
    const listOptions = (script: string) => new Set(script.match(/(?<= )--[a-z-]+(?:=[a-z-]+)?/g));
    const used = [...listOptions(`${packScript}${unpackScript}`)].filter((option) => script(option).includes('tar '));
    expect([...listOptions(tryTar)].sort()).toEqual(used.sort());
    await expect(tryImage(neededPrograms)).resolves.toBeUndefined();
    const refused = tryImage(neededPrograms, { tar: 'echo "tar: unrecognized option: sparse" >&2; exit 1' });
    await expect(refused).rejects.toThrow(
      'the tar of the image own cannot pack and unpack a checkpoint (tar: unrecognized option: sparse): install GNU tar there',
    );
  });

  it('are what is told to operators', async () => {
    const told = await readFile(new URL('../../../docs/sandbox.md', import.meta.url), 'utf8');
    const [, table = ''] = told.split('| package ');
    const [list = ''] = table.split('\n\n');
    const names = [...list.matchAll(/`([a-z]+)`/g)].map(([, name]) => name);
    expect(names.sort()).toEqual(['sh', ...neededPrograms].sort());
  });

  it('are those of the start as well', async () => {
    expect(renderStartScript('m', { argv: ['true'], env: {}, folder: '/' }, undefined)).toContain("'env' '-i' 'true'");
    const proof = await readFile(new URL('../../../src/sandbox/bubblewrap/probe.ts', import.meta.url), 'utf8');
    expect(proof).toContain("spawn(['dd', ");
  });
});

/** The command of the scripts in which an option is. */
function script(option: string): string {
  const commands = `${packScript}${unpackScript}`.replaceAll('\\\n', ' ').split('\n');
  return commands.find((command) => command.startsWith('tar ') && command.includes(option)) ?? '';
}

/** As when a worker starts, where there are only these programs and those that are written here. */
async function tryImage(programs: readonly string[], own: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  try {
    const path = join(folder, 'bin');
    await mkdir(path);
    const others = ['sh', ...programs].filter((program) => own[program] === undefined);
    for (const name of others) await symlink(await locate(name), join(path, name));
    for (const [name, text] of Object.entries(own))
      await writeFile(join(path, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const open = async ({ workspace }: SandboxSpec): Promise<Sandbox> => {
      const inner = openProcessSandbox(workspace.path, await mkdtemp(join(folder, 'scratch-')));
      return {
        ...inner,
        spawn: (argv, options) => inner.spawn(argv, { ...options, env: { PATH: path, TMPDIR: folder } }),
      };
    };
    await refuseWithoutPrograms(open, { stateFolder: folder, place: 'the image own' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything that scripts do over a workspace, where there are only these programs; what came of it. */
async function work(programs: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'needed-'));
  try {
    const path = join(folder, 'bin');
    await mkdir(path);
    for (const name of programs) await symlink(await locate(name), join(path, name));
    const open = async (workspace: string): Promise<Sandbox> => {
      const inner = openProcessSandbox(workspace, await mkdtemp(join(folder, 'scratch-')));
      const spawn: Sandbox['spawn'] = (argv, options) =>
        inner.spawn(argv, { ...options, env: { ...options?.env, PATH: path } });
      return { ...inner, spawn };
    };
    const workspace = await scene.checkout(base);
    await rm(join(workspace, 'gone.txt'));
    // Never the same, so that the mirror has it from no capture before.
    await writeFile(join(workspace, 'changed.txt'), `${folder}\n`);
    await mkdir(join(workspace, 'nested'));
    await writeFile(join(workspace, 'nested/new.txt'), 'new\n');
    const result = {
      capture: await capture(workspace, () => open(workspace)),
      checkpoint: await checkpoint(join(folder, 'artifacts'), workspace, open),
      setup: await setUp(join(folder, 'setup'), path),
    };
    return JSON.stringify(result);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function capture(workspace: string, openSandbox: () => Promise<Sandbox>): Promise<unknown> {
  const result = await scene.capture(workspace, base, { openSandbox }).catch(String);
  if (typeof result === 'string' || result.kind !== 'captured') return result;
  return result.changed.map((change) => `${change.status} ${change.path}`).sort();
}

async function checkpoint(folder: string, workspace: string, open: (path: string) => Promise<Sandbox>) {
  const checkpoints = createCheckpoints({ folder });
  const taken = await checkpoints.take(owner, { base, maxBytes: 1_000_000, openSandbox: () => open(workspace) }, never);
  if (taken.kind !== 'kept') return taken;
  const fresh = await scene.checkout(base);
  const restored = await checkpoints.restore(owner, taken.id, () => open(fresh), never);
  return [taken.kind, restored.kind, (await readdir(fresh)).sort()];
}

/** A package that was installed, and one of a workspace, which is a link into the repository. */
async function setUp(folder: string, path: string): Promise<unknown> {
  const deps = join(folder, 'deps');
  await mkdir(join(deps, 'node_modules'), { recursive: true });
  await mkdir(join(folder, 'repository/node_modules/package'), { recursive: true });
  await mkdir(join(folder, 'repository/packages/own'), { recursive: true });
  await symlink('../packages/own', join(folder, 'repository/node_modules/own'));
  const commands = detectSetup(['package-lock.json'])?.steps[0]?.commands.slice(1) ?? [];
  for (const command of commands) await run(command, join(folder, 'repository'), { PATH: path, GATEPILOT_DEPS: deps });
  const link = await readdir(join(deps, 'node_modules/own')).then(
    () => 'linked',
    () => 'no link',
  );
  return [...(await readdir(join(deps, 'node_modules'))).filter((name) => name === 'package'), link];
}

function run(command: string, cwd: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd, env: { ...env, PWD: cwd } }, () => resolve());
  });
}

async function locate(program: string): Promise<string> {
  for (const place of places) if ((await readdir(place)).includes(program)) return join(place, program);
  throw new Error(`there is no ${program} on this machine`);
}
