// What becomes of tasks whose merge conflicts with what landed before them. One after the other is handed to a repair,
// which starts from what is there then: repaired at the same time, each would conflict with the next anew.
import type { Cause } from '../model/cause.ts';
import type { Run, Task } from '../model/run.ts';
import { hasAttemptInBatch } from './attempts-in-batch.ts';
import { findTask } from './task-state.ts';

export interface Conflict {
  readonly key: string;
  readonly cause: Extract<Cause, { kind: 'merge_conflict' }>;
}

/** The first one that may be tried once more in this batch is repaired next; those after it wait as they are. */
export function settleConflicts(run: Run, conflicts: readonly Conflict[]): void {
  let isOneRepaired = false;
  for (const { key, cause } of conflicts) {
    const task = findTask(run, key);
    if (task?.state.kind !== 'anchored') continue;
    const mayBeRepaired = hasAttemptInBatch(run, task);
    if (mayBeRepaired && isOneRepaired) continue;
    keepConflict(task, cause);
    task.state = mayBeRepaired ? { kind: 'pending' } : { kind: 'failed', cause };
    isOneRepaired ||= mayBeRepaired;
  }
}

function keepConflict(task: Task, cause: Conflict['cause']): void {
  if (task.state.kind !== 'anchored') return;
  task.kept = { contribution: task.state.contribution, conflict: { paths: cause.paths } };
  const attempt = task.attempts.at(-1);
  if (attempt) attempt.cause = cause;
}
