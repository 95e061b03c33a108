import type { Cause } from '../model/cause.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note } from './draft.ts';
import { tasksOf } from './task-state.ts';
import { toNextPhase } from './to-next-phase.ts';

/**
 * Nobody can review the batch that is merged and verified. Where nothing was accepted before, the run fails, and what was
 * built stays anchored. Else only these tasks fail: what they built is kept for a retry, and what was accepted is delivered.
 */
export function leaveUnreviewed(draft: Draft, run: Run, cause: Cause): void {
  if (!run.integration) return enter(draft, run, { kind: 'failed', since: draft.now, cause });
  const tasks = tasksOf(run, run.candidate?.tasks ?? []);
  for (const task of tasks) {
    if (task.state.kind !== 'anchored') continue;
    task.kept = { contribution: task.state.contribution };
    task.state = { kind: 'failed', cause };
  }
  delete run.candidate;
  note(draft, 'acceptance', `batch ${run.behind.length + 1} cannot be reviewed and is left out`, {
    failed: tasks.map(({ key }) => key),
  });
  enter(draft, run, { kind: 'executing', since: draft.now, phase: toNextPhase(run, true) });
}
