import { type OfferedSandbox, sandboxLimits } from '../../src/core/model/offered-sandbox.ts';

/** A sandbox that was shown to give everything but this. */
export function offerAll(name: string, unproven: readonly string[] = []): OfferedSandbox {
  const all = [
    ...(['deny', 'gateway', 'allowlist'] as const),
    ...sandboxLimits.map((limit) => `${limit} limit` as const),
  ];
  return { name, proved: all.filter((capability) => !unproven.includes(capability)) };
}
