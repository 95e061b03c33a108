// What the pilot's rules need to know of a run at the end of a batch. A picture, not the run's record: the engine draws
// it, the functions of this folder read it and answer with a patch.

import type { ApartPair } from '../plan/place-tasks.ts';
import type { TaskRole } from '../plan/plan.ts';

export interface BoundaryTask {
  readonly key: string;
  readonly role: TaskRole;
  readonly state: 'passed' | 'failed' | 'rolled_back' | 'pending' | 'skipped' | 'blocked' | 'conflicted' | 'replaced';
  /** Of a failed task. Transient: the same attempt may well pass when nothing but time has changed. */
  readonly cause?: { readonly kind: string; readonly isTransient: boolean };
  /** It failed for nothing that another attempt or a better plan would change. */
  readonly isFinal?: boolean;
  /** Agent runs and merge repairs together. */
  readonly attemptsUsed: number;
  /** What it built passed by itself and is kept: to be merged it takes no attempt. */
  readonly isBuilt?: boolean;
  readonly dependsOn: readonly string[];
  /** Empty means the whole repository. */
  readonly ownedPaths: readonly string[];
}

export interface Boundary {
  /** Every task of the run, in plan order, each key once. */
  readonly tasks: readonly BoundaryTask[];
  /** The tasks of the batch that just ended. */
  readonly batch: readonly string[];
  /** Pairs that the plan keeps out of one batch. */
  readonly apart: readonly ApartPair[];
  readonly maxAttempts: number;
  /** Share of `plannedTotal` that may be given up over the whole run; one task always may. */
  readonly maxSkipRatio: number;
  /** Tasks given up at earlier boundaries: the sum of their patches' `givenUp`. */
  readonly skippedSoFar: number;
  /** Tasks that the plan put into batches at the start. */
  readonly plannedTotal: number;
  /** The planner has been asked anew in this run already. */
  readonly isReplanSpent: boolean;
  readonly stopping: boolean;
  /** `pilot.enabled` of the configuration. */
  readonly enabled: boolean;
}

/**
 * Whether this boundary decides about the task. A failure is final once its own boundary has passed: what waited for it
 * was blocked there.
 */
export function isOpen(boundary: Boundary, task: BoundaryTask): boolean {
  if (task.state === 'failed') return !task.isFinal && boundary.batch.includes(task.key);
  return task.state === 'rolled_back' || task.state === 'pending';
}

export function hasAttemptLeft(boundary: Boundary, task: BoundaryTask): boolean {
  return task.isBuilt === true || task.attemptsUsed < boundary.maxAttempts;
}
