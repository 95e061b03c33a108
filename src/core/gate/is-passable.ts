import { isGreen } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { findOverride } from './apply-overrides.ts';

/** What was verified is green, or a maintainer let it pass all the same. */
export function isPassable(run: Run): boolean {
  const { verification } = run;
  return (
    verification !== undefined && (isGreen(verification.report) || findOverride(run, 'verification') !== undefined)
  );
}
