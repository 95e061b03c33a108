// No sandbox is given less than was asked for in silence.
import { type SandboxCapabilities, SandboxRefused, type SandboxSpec } from '../engine/port/sandbox.ts';

/** Throws SandboxRefused with the first capability that the spec needs and that was not proved on this host. */
export function refuseUnmet({ network, limits, provider }: SandboxCapabilities, spec: SandboxSpec): void {
  if (!network.includes(spec.network.mode)) {
    throw new SandboxRefused(
      spec.network.mode,
      'its proof failed when the worker started: mend the host and start the worker again',
    );
  }
  // Every spec sets every limit.
  for (const [limit, enforcement] of Object.entries(limits)) {
    if (enforcement !== 'none') continue;
    throw new SandboxRefused(`${limit} limit`, `${provider} does not hold it on this host`);
  }
}
