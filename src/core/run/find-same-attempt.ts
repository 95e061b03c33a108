import type { Attempt, Task } from '../model/run.ts';

/**
 * The attempt before this one, where both came to the same in one batch: once more without advice it would come to that
 * again. Without a patch only agents that changed nothing are known to have done the same.
 */
export function findSameAttempt({ attempts }: Task, attempt: Attempt): Attempt | undefined {
  const before = attempts[attempts.indexOf(attempt) - 1];
  if (before?.cause === undefined || before.batch !== attempt.batch) return undefined;
  const isSame = before.cause.kind === attempt.cause?.kind && before.patch === attempt.patch;
  return isSame && (attempt.patch !== undefined || attempt.cause?.kind === 'no_change') ? before : undefined;
}
