import type { Conflicts } from '../model/conflict.ts';

/** Whether people have said of all that has a name what is to stand there. */
export function isDecided(conflicts: Conflicts): boolean {
  return isDecidable(conflicts) && conflicts.found.every(({ answer }) => answer !== undefined);
}

/** A merge holds all that conflicts or nothing; marks in files of the branch may be taken away one after the other. */
export function isDecidable({ base, found, unnamed }: Conflicts): boolean {
  return found.length > 0 && (base === undefined || unnamed.length === 0);
}

export function listConflictPaths({ found, unnamed }: Conflicts): string[] {
  return [...new Set([...found, ...unnamed].map(({ path }) => path))];
}
