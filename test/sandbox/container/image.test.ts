// Sandboxes of a root worker in an image of the operator's. Where an engine cannot show a layer to several users, each has a copy
// of it, which stays.
import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { createOciProvider } from '../../../src/sandbox/oci/create-oci-provider.ts';
import { type ImageStore, openImageStore } from '../support/image-store.ts';
import { leaveNoContainers } from '../support/leave-no-containers.ts';
import { providers } from '../support/provided.ts';
import { makeSpec } from '../support/spec.ts';
import { isRoot } from '../support/subject.ts';
import { readProviderTools } from '../support/tools.ts';

const { podman = '' } = await readProviderTools();
const programs = ['sh', 'env', 'dd', 'sleep'];

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
});
