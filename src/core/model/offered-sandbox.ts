/** How a sandbox may be bound to the network: not at all, to the model gateway, or to that and a list of hosts. */
export type NetworkMode = 'deny' | 'gateway' | 'allowlist';

export const sandboxLimits = ['memory', 'pids', 'cpu', 'disk', 'wall', 'output'] as const;
export type SandboxLimit = (typeof sandboxLimits)[number];

/** By the names that refusals say. */
export type SandboxCapability = NetworkMode | `${SandboxLimit} limit`;

/** A sandbox that the operator offers, and what it was shown to give on the worker's host. */
export interface OfferedSandbox {
  readonly name: string;
  readonly proved: readonly SandboxCapability[];
}
