// Whose verdict hangs on where the base branch is.
import { toCensusName } from '../model/base-watch.ts';
import type { Run } from '../model/run.ts';
import type { Draft } from './draft.ts';
import { listAdded, listKept } from './outbox-after.ts';

/**
 * Under this name a subject is told of pushes to the base of its run: from before it is verified, so that none is missed, and for
 * as long as somebody may still say on which base it was verified.
 */
export function findWatch(draft: Draft): string | undefined {
  const { run, repository } = draft.record;
  return run && isBaseWatched(draft, run) ? toCensusName(repository, run.base.branch) : undefined;
}

export function isBaseWatched(draft: Draft, run: Run): boolean {
  const { state, verification, reads } = run;
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
      return isVerifying(draft, run) !== 'no';
  }
}

/** Whether somebody works on a verification, or is asked to and has not begun. */
export function isVerifying(draft: Draft, run: Run): 'no' | 'pending' | 'begun' {
  const kept = listKept(draft).filter(({ action }) => action.kind === 'verify' && action.runId === run.id);
  if (kept.some(({ state }) => state.kind === 'begun')) return 'begun';
  const isAdded = listAdded(draft).some(({ kind }) => kind === 'verify');
  return kept.length > 0 || isAdded ? 'pending' : 'no';
}
