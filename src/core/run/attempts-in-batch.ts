import type { Run, Task } from '../model/run.ts';

/** One attempt is held back for the boundary, else nobody could act on what a batch taught. */
export function hasAttemptInBatch(run: Run, task: Task): boolean {
  const { maxAttempts } = run.policy;
  const attemptsInBatch = maxAttempts > 1 ? maxAttempts - 1 : maxAttempts;
  return !run.finishing && task.attempts.length - (task.granted ?? 0) < attemptsInBatch;
}
