// The programs of this machine; looked for only when somebody asks, since the machine of the escapes has nothing to find.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SandboxTools } from '../../../src/sandbox/bubblewrap/host.ts';
import { readMachineTools } from '../../prerequisite/machine-tools.ts';
import type { ProviderTools } from './open-provider.ts';

/** What this checkout brought for its tests alone. */
export const broughtFolder = join(resolve(import.meta.dirname, '../../..'), '.cache/sandboxes/usr/bin');

export async function readTools(): Promise<SandboxTools> {
  return (await readProviderTools()).bubblewrap;
}

export async function readProviderTools(): Promise<ProviderTools> {
  const { bubblewrap } = await readMachineTools('bubblewrap');
  return { bubblewrap, runsc: find('runsc'), podman: find('podman'), docker: find('docker') };
}

/** Before those of the system comes what `npm run sandboxes` brought. */
function find(program: string): string | undefined {
  const folders = [broughtFolder, '/usr/local/bin', '/usr/bin', '/usr/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
