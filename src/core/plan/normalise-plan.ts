// From what the planner wrote to batches that can run. Pure and total: every plan ends as batches that account for each
// task exactly once, or as complaints that the planner can act on.
import { assignBootstrapFiles } from './assign-bootstrap-files.ts';
import { findIsolationComplaints } from './find-isolation-complaints.ts';
import { findPlanComplaints } from './find-plan-complaints.ts';
import { type ApartPair, placeTasks } from './place-tasks.ts';
import { DEFAULT_MAX_TASKS, type Plan, type PlanTask, type Relation } from './plan.ts';
import type { PlanComplaint } from './plan-complaint.ts';
import type { PlannedBatches } from './planned-batches.ts';
import { resolveDependencies } from './resolve-dependencies.ts';
import { sortOutConflicts } from './sort-out-conflicts.ts';
import { tidyPath } from './tidy-path.ts';

export type NormalisedPlan =
  | { readonly kind: 'batched'; readonly batches: PlannedBatches }
  | { readonly kind: 'rejected'; readonly complaints: readonly PlanComplaint[] };

export interface PlanOptions {
  /** Capped at 30. */
  readonly maxTasks?: number;
  /** What tasks that are merged already declared as what others rely on. */
  readonly contracts?: readonly string[];
}

export function normalisePlan(
  plan: Plan,
  { maxTasks = DEFAULT_MAX_TASKS, contracts = [] }: PlanOptions = {},
): NormalisedPlan {
  const complaints = findPlanComplaints(plan, { maxTasks, contracts });
  // Isolation cannot be judged while a path is unreadable or a key names two tasks.
  if (complaints.some(({ kind }) => kind === 'unsafe_path' || kind === 'duplicate_key'))
    return { kind: 'rejected', complaints };

  const assigned = assignBootstrapFiles(plan.tasks.map(tidyTask));
  // A task that lost all its paths would count as owning everything, so its own complaint comes first.
  const isolation = assigned.complaints.length === 0 ? findIsolationComplaints(assigned.tasks) : [];
  const all = [...complaints, ...assigned.complaints, ...isolation];
  if (all.length > 0) return { kind: 'rejected', complaints: all };

  const graph = resolveDependencies(assigned.tasks, plan.relations);
  const tasks = assigned.tasks.map((task) => ({ ...task, dependsOn: [...(graph.get(task.key) ?? [])] }));
  const conflicts = sortOutConflicts(graph, plan.relations);
  const out = new Set([...conflicts.conflicted, ...conflicts.blocked].map(({ task }) => task));
  const apart = listApartPairs(plan.relations);
  return {
    kind: 'batched',
    batches: {
      tasks,
      batches: placeTasks(
        tasks.filter((task) => !out.has(task.key)),
        apart,
      ),
      ...conflicts,
      apart,
      adjustments: assigned.adjustments,
    },
  };
}

/** Partners that never share a batch: what each adds may depend on where the other left off. */
export function listApartPairs(relations: readonly Relation[]): ApartPair[] {
  return relations
    .filter(({ kind, a, b }) => (kind === 'additive' || kind === 'uncertain') && a !== b)
    .map(({ a, b }): ApartPair => [a, b]);
}

function tidyTask(task: PlanTask): PlanTask {
  return { ...task, ownedPaths: task.ownedPaths.map(tidyPath), contracts: task.contracts.map(tidyPath) };
}
