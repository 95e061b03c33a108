// Opens each provider by its name, as the product does.
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import type { SandboxTools } from '../../../src/sandbox/bubblewrap/host.ts';

/** Found by whoever runs the tests: a process that is made to forbid sandboxes would not pass the search for them. */
export interface ProviderTools {
  readonly bubblewrap: SandboxTools;
}

export type ProviderName = 'bubblewrap';

export function openProvider(name: ProviderName, tools: ProviderTools, stateFolder: string): Promise<SandboxProvider> {
  const nodePath = process.execPath;
  switch (name) {
    case 'bubblewrap':
      return createBubblewrapProvider({ tools: tools.bubblewrap, stateFolder, nodePath });
  }
}
