import type { Run } from '../model/run.ts';
import { isReviewed } from './accept-batch.ts';
import { attemptLimit, hasAttemptsLeft, listUsedUp } from './budget.ts';
import { endOfRun, timeLimit } from './deadline.ts';
import type { Going } from './go-on.ts';
import { isBuilt, tasksOf } from './task-state.ts';

/** The limits of the whole run that keep one that rests from going on like that: the same that a `continue` raises. */
export function listSpentLimits(run: Run, { ahead }: Pick<Going, 'ahead'>): string[] {
  // What is merged already is verified and delivered whatever it cost.
  if (run.plan && ahead.length === 0) return [];
  const keys = ahead.flat();
  const isAgentNeeded = tasksOf(run, keys).some((task) => !isBuilt(task));
  // What is built takes no attempt to be merged, and costs only where somebody has to review it.
  const isMoneyNeeded = !run.plan || isAgentNeeded || isReviewed(run, keys);
  return [
    ...(isMoneyNeeded ? listUsedUp(run) : []),
    ...(isAgentNeeded && !hasAttemptsLeft(run) ? [attemptLimit] : []),
    ...(run.state.since >= endOfRun(run) ? [timeLimit] : []),
  ];
}
