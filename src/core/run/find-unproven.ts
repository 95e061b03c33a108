import { type OfferedSandbox, type SandboxCapability, sandboxLimits } from '../model/offered-sandbox.ts';
import type { RunPolicy } from '../model/run.ts';

export interface Unproven {
  readonly sandbox: string;
  readonly capability: SandboxCapability;
  /** The setting that asks for it, where it is one. */
  readonly setting?: 'sandbox.network' | 'setup.network';
}

type Asking = Pick<RunPolicy, 'sandbox' | 'setup'>;

/** The first thing that the run needs and that its sandbox was not shown to give. One that is not offered has another refusal. */
export function findUnproven(offered: readonly OfferedSandbox[], policy: Asking): Unproven | undefined {
  const sandbox = offered.find(({ name }) => name === policy.sandbox.provider);
  const missing = sandbox && listNeeds(policy).find(({ capability }) => !sandbox.proved.includes(capability));
  return missing && { sandbox: sandbox.name, ...missing };
}

function listNeeds({ sandbox, setup }: Asking): Omit<Unproven, 'sandbox'>[] {
  const isSetUpFromHosts = setup !== undefined && setup.commands.length > 0 && setup.network.length > 0;
  return [
    ...(['deny', 'gateway'] as const).map((capability) => ({ capability })),
    ...(sandbox.network.length > 0 ? [{ capability: 'allowlist', setting: 'sandbox.network' } as const] : []),
    ...(isSetUpFromHosts ? [{ capability: 'allowlist', setting: 'setup.network' } as const] : []),
    ...sandboxLimits.map((limit) => ({ capability: `${limit} limit` as const })),
  ];
}
