import type { SubjectRecord } from '../model/record.ts';

/** Why a command finds no run; undefined when there never was one. */
export function renderArchived({ archived, run }: SubjectRecord): string | undefined {
  const last = archived?.at(-1);
  if (run || !last) return undefined;
  return `Run ${last.id} is archived (${last.state}): it can be read and not changed. A new run starts anew.`;
}
