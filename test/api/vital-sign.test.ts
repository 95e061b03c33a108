import { expect, it } from 'vitest';
import { toVitalSign } from '../../src/web/admin/to-vital-sign.ts';

const leaseUntil = 1_000_000;

it.each([
  [10_000, 'healthy'],
  [7_000, 'healthy'],
  [6_999, 'warn'],
  [1, 'warn'],
  [0, 'stale'],
  [-9_999, 'stale'],
  [-10_000, 'dead'],
] as const)('a holder whose lease has %i ms left is %s', (leftMs, sign) => {
  expect(toVitalSign(leaseUntil, leaseUntil - leftMs)).toBe(sign);
});
