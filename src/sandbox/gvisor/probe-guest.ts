// Whether programs get on with this gVisor: it answers what programs of the host ask of a kernel, or it does not.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type SandboxProvider, SandboxRefused } from '../../engine/port/sandbox.ts';
import { toProbeSpec } from '../bubblewrap/probe.ts';

/** Throws SandboxRefused where not even a folder can be listed, as with the runsc of 2022 and a `ls` of the same year. */
export async function refuseUnusable(provider: SandboxProvider, stateFolder: string): Promise<void> {
  const workspace = await mkdtemp(join(stateFolder, 'probe-'));
  await symlink('nowhere', join(workspace, 'link'));
  const sandbox = await provider.create(toProbeSpec(workspace, { mode: 'deny' }, 'read-only'));
  try {
    const child = sandbox.spawn(['ls', '-a', '/', '/workspace']);
    const [stderr, end] = await Promise.all([text(child.stderr), child.end]);
    if (end.kind === 'exited' && end.code === 0) return;
    const said = stderr.replace(/\s+/g, ' ').slice(0, 200);
    throw new SandboxRefused(
      'gvisor',
      `"ls" does not work in it (it said: ${said}): this runsc is too old for the programs of this host, install one of 2024 or later`,
    );
  } finally {
    await sandbox.dispose();
    await rm(workspace, { recursive: true, force: true });
  }
}
