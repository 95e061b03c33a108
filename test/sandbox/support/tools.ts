// The programs of this machine; looked for only when somebody asks, since the machine of the escapes has nothing to find.
import type { SandboxTools } from '../../../src/sandbox/bubblewrap/host.ts';
import { readMachineTools } from '../../prerequisite/machine-tools.ts';
import type { ProviderTools } from './open-provider.ts';

export async function readTools(): Promise<SandboxTools> {
  return (await readProviderTools()).bubblewrap;
}

export async function readProviderTools(): Promise<ProviderTools> {
  return { bubblewrap: (await readMachineTools('bubblewrap')).bubblewrap };
}
