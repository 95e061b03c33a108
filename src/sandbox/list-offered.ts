import { type OfferedSandbox, type SandboxCapability, sandboxLimits } from '../core/model/offered-sandbox.ts';
import type { SandboxCapabilities } from '../engine/port/sandbox.ts';

/** What decisions know of the sandboxes of this host, as the refusals of `refuseUnmet` would say it. */
export function listOffered(proved: ReadonlyMap<string, SandboxCapabilities>): OfferedSandbox[] {
  return [...proved].map(([name, capabilities]) => ({ name, proved: listCapabilities(capabilities) }));
}

function listCapabilities({ network, limits }: SandboxCapabilities): SandboxCapability[] {
  const held = sandboxLimits.filter((limit) => limits[limit] !== 'none');
  return [...network, ...held.map((limit) => `${limit} limit` as const)];
}
