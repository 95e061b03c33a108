import type { Dismissal } from '../model/dismissal.ts';
import type { Finding } from '../model/finding.ts';
import type { Run } from '../model/run.ts';

/** By whom a finding was rejected, where that still holds. */
export function findDismissal({ dismissals = [] }: Run, { id }: Finding): Dismissal | undefined {
  return id === undefined ? undefined : dismissals.find(({ finding }) => finding.id === id);
}
