import { isTransient } from '../model/cause.ts';
import type { Run, Task } from '../model/run.ts';
import type { Boundary, BoundaryTask } from '../pilot/boundary.ts';
import { hasAttemptsLeft, shareOf } from './budget.ts';
import { isReplanSpent } from './plan-anew.ts';
import { isKeptWhole } from './task-state.ts';

/** The run as the pilot's rules see it at the end of its current batch. */
export function toBoundary(run: Run): Boundary {
  const batch = run.ahead[0] ?? [];
  return {
    tasks: run.tasks.map(toBoundaryTask),
    batch,
    apart: run.plan?.apart ?? [],
    maxAttempts: run.policy.maxAttempts,
    maxSkipRatio: run.policy.maxSkipRatio,
    skippedSoFar: run.skippedByPilot,
    plannedTotal: run.tasks.filter((task) => !['conflicted', 'replaced'].includes(task.state.kind)).length,
    isReplanSpent: isReplanSpent(run),
    stopping: run.state.kind === 'stopping',
    // The pilot costs money as well, and where no attempt is left, or nothing but a report is made, there is nothing to decide.
    enabled: !run.reads && run.policy.isPilotEnabled && shareOf(run, 1) !== undefined && hasAttemptsLeft(run),
  };
}

const states = {
  pending: 'pending',
  running: 'pending',
  anchored: 'pending',
  merged: 'passed',
  reported: 'passed',
  failed: 'failed',
  rolled_back: 'rolled_back',
  skipped: 'skipped',
  blocked: 'blocked',
  conflicted: 'conflicted',
  awaiting_amendment: 'pending',
  merge_blocked: 'failed',
  replaced: 'replaced',
} as const satisfies Record<Task['state']['kind'], BoundaryTask['state']>;

function toBoundaryTask(task: Task): BoundaryTask {
  const { key, role, ownedPaths, state } = task;
  const cause =
    state.kind === 'failed' || state.kind === 'merge_blocked'
      ? { kind: state.cause.kind, isTransient: isTransient(state.cause) }
      : undefined;
  const isAwaiting = state.kind === 'awaiting_amendment';
  const dependsOn = isAwaiting ? [...task.dependsOn, state.on] : task.dependsOn;
  return {
    key,
    role,
    dependsOn,
    ownedPaths,
    state: states[state.kind],
    attemptsUsed: task.attempts.length - (task.granted ?? 0),
    ...(isAwaiting || isKeptWhole(task) ? { isBuilt: true } : {}),
    ...(cause ? { cause } : {}),
    // Built, merged and verified, and nobody could review it: another merge would be another review of the same. And what
    // people were asked in vain is theirs to take up again, as they were told.
    ...(cause && (isKeptWhole(task) || cause.kind === 'unanswered') ? { isFinal: true } : {}),
  };
}
