import type { FixRound } from '../model/fix-round.ts';
import type { Run } from '../model/run.ts';

/** The round of fixes that has no end yet. */
export function findOpenRound({ fixes = [] }: Run): FixRound | undefined {
  const newest = fixes.at(-1);
  return newest?.end ? undefined : newest;
}
