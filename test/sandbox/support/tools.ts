import type { SandboxTools } from '../../../src/sandbox/bubblewrap/host.ts';
import { readMachineTools } from '../../prerequisite/machine-tools.ts';

export const tools: SandboxTools = (await readMachineTools('bubblewrap')).bubblewrap;
