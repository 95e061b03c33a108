import type { SandboxTools } from '../../../src/sandbox/bubblewrap/host.ts';
import { readMachineTools } from '../../prerequisite/machine-tools.ts';
import type { ProviderTools } from './open-provider.ts';

export const tools: SandboxTools = (await readMachineTools('bubblewrap')).bubblewrap;
export const providerTools: ProviderTools = { bubblewrap: tools };
