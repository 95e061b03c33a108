import { numberConflicts } from '../conflict/number-conflicts.ts';
import type { ConflictList, Conflicts } from '../model/conflict.ts';
import type { Run } from '../model/run.ts';

interface Seen {
  readonly head: string;
  readonly base?: string | undefined;
  readonly list: ConflictList;
}

/** What conflicts by now, as people name it. What they said of what is still the same counts. */
export function keepConflicts(run: Run, { head, base, list }: Seen): Conflicts {
  const seen = { head, list, ...(base === undefined ? {} : { base }) };
  const { conflicts, given } = numberConflicts(run.conflicts, seen, run.conflictsNumbered ?? 0);
  run.conflicts = conflicts;
  run.conflictsNumbered = given;
  return conflicts;
}

/** Whoever reported it did not say what conflicts in these files. */
export function toBareList(paths: readonly string[]): ConflictList {
  return { found: [], unnamed: paths.map((path) => ({ path, why: 'unread' })) };
}
