// A foundation's trees are exclusive where they hold a contract: a feature that works inside one would have to be
// untangled at the merge. A feature's wide pattern may still cover a contract itself, since the scope gate takes
// contracts out of what other tasks may change.
import { hasWildcard, isOverlap, parseGlob } from './glob.ts';
import { isInArea, parseOwnedArea } from './owned-area.ts';
import type { PlanTask } from './plan.ts';
import type { PlanComplaint } from './plan-complaint.ts';

/** Expects tidy paths (tidyPath). */
export function findIsolationComplaints(tasks: readonly PlanTask[]): PlanComplaint[] {
  const features = tasks.filter((task) => task.role === 'feature');
  return tasks
    .filter((task) => task.role === 'foundation')
    .flatMap((foundation) => features.flatMap((feature) => findIntrusions(foundation, feature)));
}

function findIntrusions(foundation: PlanTask, feature: PlanTask): PlanComplaint[] {
  const trees = listPaths(foundation).filter((tree) =>
    foundation.contracts.some((contract) => isInArea(parseOwnedArea([tree]), contract)),
  );
  return listPaths(feature)
    .filter((path) => trees.some((tree) => isIntrusion(path, tree, foundation.contracts)))
    .map((path) => ({ kind: 'foundation_not_isolated', foundation: foundation.key, feature: feature.key, path }));
}

function isIntrusion(path: string, tree: string, contracts: readonly string[]): boolean {
  if (contracts.includes(tree) && hasWildcard(path)) return false;
  return isOverlap(parseGlob(path), parseGlob(tree));
}

function listPaths(task: PlanTask): readonly string[] {
  return task.ownedPaths.length === 0 ? ['**'] : task.ownedPaths;
}
