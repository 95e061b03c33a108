// Whether whoever works on an action gives signs of life, read from the lease that is extended to ten seconds every second.

export type VitalSign = 'healthy' | 'warn' | 'stale' | 'dead';

/** With less than this left, three signs in a row did not come. */
const leastHealthyMs = 7_000;
/** From the end of the lease on somebody else may have the action; nobody has taken it up for this long. */
const deadMs = 10_000;

export function toVitalSign(leaseUntil: number, now: number): VitalSign {
  const leftMs = leaseUntil - now;
  if (leftMs >= leastHealthyMs) return 'healthy';
  if (leftMs > 0) return 'warn';
  return leftMs > -deadMs ? 'stale' : 'dead';
}
