// The fallback for a plan that was rejected twice: one task after the other. Nothing is lost on the way: conflicts stay
// conflicts, and what had to be dropped or renamed is listed. Unsafe paths are kept as they are and match nothing, so
// such a task fails its scope check instead of owning more than it asked for.
import { sortByDependency } from './dependency-graph.ts';
import { listApartPairs } from './normalise-plan.ts';
import type { Plan, PlanTask } from './plan.ts';
import type { PlanAdjustment, PlannedBatches } from './planned-batches.ts';
import { resolveDependencies } from './resolve-dependencies.ts';
import { sortOutConflicts } from './sort-out-conflicts.ts';

/**
 * Total on every plan. Inside a cycle the given order decides and the dependencies against it are dropped. No task is given
 * a name that is among `names`.
 */
export function serialisePlan(plan: Plan, names: ReadonlySet<string> = new Set()): PlannedBatches {
  const { tasks: unique, renamed } = renameDuplicates(plan.tasks, names);
  const keys = new Set(unique.map((task) => task.key));
  const relations = plan.relations.filter(({ a, b }) => keys.has(a) && keys.has(b) && a !== b);
  const graph = resolveDependencies(unique, relations);
  const order = sortByDependency(graph);
  const position = new Map(order.map((key, at) => [key, at]));
  const kept = new Map(
    order.map((key, at) => [key, (graph.get(key) ?? []).filter((needed) => (position.get(needed) ?? at) < at)]),
  );
  const tasks = unique.map((task) => ({ ...task, dependsOn: kept.get(task.key) ?? [] }));
  const conflicts = sortOutConflicts(kept, relations);
  const out = new Set([...conflicts.conflicted, ...conflicts.blocked].map(({ task }) => task));
  return {
    tasks,
    batches: order.filter((key) => !out.has(key)).map((key) => [key]),
    ...conflicts,
    apart: listApartPairs(relations),
    adjustments: [{ kind: 'serialised' }, ...renamed, ...listDropped(unique, tasks)],
  };
}

function listDropped(before: readonly PlanTask[], after: readonly PlanTask[]): PlanAdjustment[] {
  return before.flatMap((task, at) =>
    [...new Set(task.dependsOn)]
      .filter((dependency) => !after[at]?.dependsOn.includes(dependency))
      .map((dependency) => ({ kind: 'dependency_dropped', task: task.key, dependency }) as const),
  );
}

/** The first task of a name keeps it; references mean that one. */
function renameDuplicates(
  tasks: readonly PlanTask[],
  names: ReadonlySet<string>,
): { tasks: PlanTask[]; renamed: PlanAdjustment[] } {
  const taken = new Set([...names, ...tasks.map((task) => task.key)]);
  const seen = new Set<string>();
  const renamed: PlanAdjustment[] = [];
  const unique = tasks.map((task) => {
    if (!seen.has(task.key)) {
      seen.add(task.key);
      return task;
    }
    let number = 2;
    while (taken.has(`${task.key}-${number}`)) number += 1;
    const key = `${task.key}-${number}`;
    taken.add(key);
    renamed.push({ kind: 'task_renamed', from: task.key, to: key });
    return { ...task, key };
  });
  return { tasks: unique, renamed };
}
