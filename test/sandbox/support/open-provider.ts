// Opens each provider by its name, as the product does.
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import type { SandboxTools } from '../../../src/sandbox/bubblewrap/host.ts';
import { createGvisorProvider } from '../../../src/sandbox/gvisor/create-gvisor-provider.ts';
import { createOciProvider } from '../../../src/sandbox/oci/create-oci-provider.ts';

/** Found by whoever runs the tests: a process that is made to forbid sandboxes would not pass the search for them. */
export interface ProviderTools {
  readonly bubblewrap: SandboxTools;
  /** Host paths, as far as they are there. */
  readonly runsc?: string | undefined;
  readonly podman?: string | undefined;
  readonly docker?: string | undefined;
}

export const providerNames = ['bubblewrap', 'gvisor', 'podman', 'docker'] as const;
export type ProviderName = (typeof providerNames)[number];

/** `none` is no sandbox, and still holds some of the contract. */
export function openProvider(
  name: ProviderName | 'none',
  tools: ProviderTools,
  stateFolder: string,
): Promise<SandboxProvider> {
  const nodePath = process.execPath;
  switch (name) {
    case 'bubblewrap':
      return createBubblewrapProvider({ tools: tools.bubblewrap, stateFolder, nodePath });
    case 'none':
      return createBubblewrapProvider({ tools: tools.bubblewrap, stateFolder, nodePath, isolation: 'none' });
    case 'gvisor':
      return createGvisorProvider({
        tools: tools.bubblewrap,
        stateFolder,
        nodePath,
        runsc: tools.runsc ?? '/usr/bin/runsc',
      });
    case 'podman':
    case 'docker':
      return createOciProvider({ engine: name, program: tools[name] ?? `/usr/bin/${name}`, stateFolder, nodePath });
  }
}
