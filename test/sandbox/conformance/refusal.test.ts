// What cannot be given is said before anything starts, and named.
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { leaveNoContainers } from '../support/leave-no-containers.ts';
import { openProvider } from '../support/open-provider.ts';
import { providers } from '../support/provided.ts';
import { makeSpec } from '../support/spec.ts';
import { readProviderTools } from '../support/tools.ts';

describe.each(providers)('a sandbox of %s', (name) => {
  let folder: string;
  let workspace: string;
  let provider: SandboxProvider;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-refusal-'));
    workspace = join(folder, 'workspace');
    await mkdir(workspace);
    provider = await openProvider(name, await readProviderTools(), join(folder, 'state'));
  });
  afterAll(async () => {
    await leaveNoContainers(join(folder, 'state'), process.getuid?.() ?? 0);
    await rm(folder, { recursive: true, force: true });
  });

  it('is refused when its workspace is no folder', async () => {
    await symlink(workspace, join(folder, 'link'));
    for (const path of [join(folder, 'absent'), join(folder, 'link')]) {
      await expect(provider.create(makeSpec(path))).rejects.toMatchObject({
        name: 'SandboxRefused',
        capability: 'workspace',
      });
    }
  });

  it('is refused when a mount or the gateway is not there', async () => {
    const readOnly = [{ source: join(folder, 'absent'), target: '/opt/absent' }];
    await expect(provider.create(makeSpec(workspace, { readOnly }))).rejects.toMatchObject({
      capability: 'read-only mount',
    });
    const network = { mode: 'gateway', socket: join(folder, 'absent.sock'), port: 4_000 } as const;
    await expect(provider.create(makeSpec(workspace, { network }))).rejects.toMatchObject({ capability: 'gateway' });
  });

  it.each(['/', '/proc/x', '/dev', '/workspace/modules', '/run/gatepilot/node', 'relative', '/opt/../etc'])(
    'mounts nothing at %s',
    async (target) => {
      await expect(provider.create(makeSpec(workspace, { readOnly: [{ source: folder, target }] }))).rejects.toThrow(
        /target/,
      );
    },
  );

  it('takes no limit that means nothing', async () => {
    await expect(provider.create(makeSpec(workspace, { limits: { pids: 0 } }))).rejects.toThrow(/pids/);
    await expect(provider.create(makeSpec(workspace, { limits: { memoryBytes: Number.NaN } }))).rejects.toThrow(
      /memoryBytes/,
    );
  });
});
