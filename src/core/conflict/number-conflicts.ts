import type { ConflictList, Conflicts } from '../model/conflict.ts';
import { isSameConflict } from './list-conflicts.ts';

interface Numbering {
  readonly head: string;
  readonly base?: string;
  readonly list: ConflictList;
}

/**
 * Numbers are given once: a conflict that holds the same keeps its own, with what was said about it, and one that holds
 * something else gets another. So nobody decides about something that he has not read.
 */
export function numberConflicts(
  before: Conflicts | undefined,
  { head, base, list }: Numbering,
  given: number,
): { readonly conflicts: Conflicts; readonly given: number } {
  let last = given;
  const found = list.found.map((one) => {
    const known = before?.found.find((other) => isSameConflict(one, other));
    if (known) return { ...known, ...one };
    last += 1;
    return { ...one, number: last };
  });
  return {
    conflicts: { head, ...(base === undefined ? {} : { base }), found, unnamed: [...list.unnamed] },
    given: last,
  };
}
