// Whose verdict hangs on where the base branch is.
import { toCensusName } from '../model/base-watch.ts';
import type { Seat } from '../model/decision.ts';
import type { SubjectRecord } from '../model/record.ts';
import type { Run } from '../model/run.ts';

/** Under this name a subject is told of pushes to the base of its run; from before it is verified, so that none is missed. */
export function listWatches({ run, repository }: SubjectRecord): Seat[] {
  return run && isBaseWatched(run) ? [{ name: toCensusName(repository, run.base.branch) }] : [];
}

export function isBaseWatched({ state, verification, reads }: Run): boolean {
  if (reads) return false;
  switch (state.kind) {
    case 'reviewing':
    case 'ready':
    case 'merging':
      return true;
    case 'paused':
    case 'needs_input':
      return verification !== undefined;
    default:
      return false;
  }
}
