// A batch that is merged and verified is in the branch only when its acceptance items hold as well. Until then it is a
// candidate beside the branch: its tasks stay anchored, so that whatever happens in between loses nothing.
import type { Run } from '../model/run.ts';
import { findTask, tasksOf } from './task-state.ts';

type Candidate = NonNullable<Run['candidate']>;

/** Whether somebody has to look at these tasks before they land. */
export function isReviewed(run: Run, keys: readonly string[]): boolean {
  return run.policy.isAcceptanceEnabled && tasksOf(run, keys).some(({ acceptance }) => acceptance.length > 0);
}

/** What was built lands: from now on it is the base of what follows. */
export function landCandidate(run: Run, { commit, tree, bundle, tasks }: Candidate): void {
  for (const key of tasks) {
    const task = findTask(run, key);
    if (task?.state.kind !== 'anchored') continue;
    task.state = { kind: 'merged', contribution: task.state.contribution, commit };
  }
  run.integration = bundle === undefined ? { commit, tree } : { commit, tree, bundle };
  delete run.candidate;
}
