// Sandboxes of a root worker in an image of the operator's. Where an engine cannot show a layer to several users, each has a copy
// of it, which stays.
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProvider, SandboxRefused } from '../../../src/engine/port/sandbox.ts';
import { openSandboxes } from '../../../src/process/open-sandboxes.ts';
import { createOciProvider } from '../../../src/sandbox/oci/create-oci-provider.ts';
import { neededPrograms } from '../../../src/sandbox/oci/needed-programs.ts';
import { offerProviders } from '../../../src/sandbox/offer-providers.ts';
import { runProcess } from '../../../src/subprocess/run-process.ts';
import { quiet } from '../../support/quiet.ts';
import { type ImageStore, openImageStore } from '../support/image-store.ts';
import { leaveNoContainers } from '../support/leave-no-containers.ts';
import { providers } from '../support/provided.ts';
import { makeSpec } from '../support/spec.ts';
import { isRoot } from '../support/subject.ts';
import { readProviderTools } from '../support/tools.ts';

const { podman = '' } = await readProviderTools();
const programs = ['sh', ...neededPrograms];
const without = (...names: string[]) => programs.filter((program) => !names.includes(program));

describe.runIf(providers.includes('podman') && isRoot)('an image (shown only when root runs the tests)', () => {
  let images: ImageStore;
  let folder: string;
  beforeAll(async () => {
    images = await openImageStore(podman);
    folder = await mkdtemp(join(tmpdir(), 'image-test-'));
  });
  afterAll(async () => {
    await leaveNoContainers(join(folder, 'state'), 0);
    for (const path of [images.folder, folder]) await rm(path, { recursive: true, force: true });
  });

  const open = (image: string): Promise<SandboxProvider> =>
    createOciProvider({
      engine: 'podman',
      program: podman,
      image,
      stateFolder: join(folder, 'state'),
      nodePath: process.execPath,
      environment: images.environment,
    });

  it.each([
    [
      'bare',
      without('git', 'awk', 'xargs', 'stat', 'mktemp', 'find', 'touch', 'head'),
      'the image bare has no head, mktemp, stat, touch, find, xargs, awk, git, which every run needs: install coreutils, findutils, mawk or gawk, git there',
    ],
    ['barer', ['sh'], 'the image barer has no env, which every run needs: install coreutils there'],
    ['barest', ['env'], 'podman: the image has no "sh" where programs are looked for: install a shell in it'],
  ])('%s is refused when a worker starts, by the names of what it lacks', async (name, has, sentence) => {
    await images.makeImage(name, has);
    const error = await open(name).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SandboxRefused);
    expect(String(error)).toContain(`the sandbox cannot give "oci": `);
    expect(String(error)).toContain(sentence);
  });

  it('has few users, who are never the same at the same time', async () => {
    await images.makeImage('whole', programs);
    const provider = await open('whole');
    const openOne = async (name: string) => {
      const workspace = join(folder, name);
      await mkdir(workspace);
      const sandbox = await provider.create(makeSpec(workspace));
      expect(await sandbox.spawn(['sh', '-c', ':']).end).toEqual({ kind: 'exited', code: 0 });
      return { sandbox, uid: (await lstat(workspace)).uid };
    };
    const first = await openOne('first');
    const beside = await openOne('beside');
    expect(beside.uid).not.toBe(first.uid);
    await first.sandbox.dispose();
    for (const name of ['one', 'two', 'three']) {
      const { sandbox, uid } = await openOne(name);
      expect(uid).toBe(first.uid);
      await sandbox.dispose();
    }
    await beside.sandbox.dispose();
  });

  it('of the operator that repositories may name is a sandbox of its own, beside the one of the host', async () => {
    await images.makeImage('named', programs);
    const env = {
      sandboxes: ['oci'] as const,
      allowsNoSandbox: false,
      dataFolder: join(folder, 'data'),
      oci: { engine: 'podman' as const, image: undefined, images: ['named'], environment: images.environment },
      surroundings: { PATH: dirname(podman) },
    };
    await mkdir(env.dataFolder, { mode: 0o711 });
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const offered = offerProviders(await openSandboxes({ env, tools: {}, log: quiet, hash }, runProcess));
    expect([...offered.proved.keys()]).toEqual(['oci', 'oci:named']);
    const findPerl = async (provider: string) => {
      const workspace = join(folder, provider);
      await mkdir(workspace);
      const sandbox = await offered.create({ ...makeSpec(workspace), provider });
      const child = sandbox.spawn(['sh', '-c', 'command -v perl || echo none']);
      const [said] = await Promise.all([text(child.stdout), child.end]);
      await sandbox.dispose();
      return said.trim();
    };
    expect([await findPerl('oci'), await findPerl('oci:named')]).toEqual(['/usr/bin/perl', 'none']);
    await expect(findPerl('oci:other')).rejects.toThrow('the operator offers oci, oci:named');
    for (const name of ['sandbox-oci', `sandbox-oci-${hash('named').slice(0, 12)}`])
      await leaveNoContainers(join(env.dataFolder, name), 0);
  });
});
