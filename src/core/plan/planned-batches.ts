import type { ApartPair } from './place-tasks.ts';
import type { PlanTask } from './plan.ts';

/** What was changed in a plan, by us or by the planner when it was asked again. Shown with the plan. */
export type PlanAdjustment =
  | { readonly kind: 'bootstrap_moved'; readonly path: string; readonly from: readonly string[]; readonly to: string }
  | { readonly kind: 'task_renamed'; readonly from: string; readonly to: string }
  | { readonly kind: 'dependency_dropped'; readonly task: string; readonly dependency: string }
  | { readonly kind: 'serialised' }
  | { readonly kind: 'repaired'; readonly times: number };

export interface ConflictedTask {
  readonly task: string;
  /** The tasks it contradicts, each with the sentence that says so. */
  readonly with: readonly { readonly task: string; readonly why: string }[];
}

/** A plan that can run. The keys in `batches`, `conflicted` and `blocked` are all keys of `tasks`, each exactly once. */
export interface PlannedBatches {
  /** In the order given; `dependsOn` is complete here, including what relations and foundations add. */
  readonly tasks: readonly PlanTask[];
  readonly batches: readonly (readonly string[])[];
  readonly conflicted: readonly ConflictedTask[];
  /** Tasks that wait, directly or not, for a conflicted one; `on` is the task that each waits for itself. */
  readonly blocked: readonly { readonly task: string; readonly on: string }[];
  /** Additive and uncertain partners: never in one batch, also when batches are made anew later. */
  readonly apart: readonly ApartPair[];
  readonly adjustments: readonly PlanAdjustment[];
}
