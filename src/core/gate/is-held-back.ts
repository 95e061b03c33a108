import { listUnpushedRepairs } from '../conflict/list-resolved.ts';
import { listUndelivered, type Run } from '../model/run.ts';
import { findOverride } from './apply-overrides.ts';
import { protectedPathsGate } from './evaluate-paths.ts';
import { findProtected, listBuilt, listTouched } from './list-touched.ts';

/**
 * Whether what agents built waits for a maintainer before it is pushed: a pushed branch starts the repository's own
 * automation, with its secrets. What people pushed is there already.
 */
export function isHeldBack(run: Run): boolean {
  const built = [...listBuilt(run, listUndelivered(run)), ...listUnpushedRepairs(run)];
  const isOfAgents = !run.pullRequest || findProtected(run, built).length > 0;
  return isOfAgents && listTouched(run).length > 0 && !findOverride(run, protectedPathsGate);
}

/** Whether the run stands still for that, as people are told; somebody may have overridden it a moment ago. */
export function isWaitingForOverride({ state }: Run): boolean {
  return state.kind === 'paused' && state.wants === 'override';
}
