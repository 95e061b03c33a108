// Puts tasks into batches: each as early as what it waits for allows, and never beside a task whose places overlap with
// its own or that it must be kept apart from.
import { type DependencyGraph, sortByDependency } from './dependency-graph.ts';
import { isAreaOverlap, type OwnedArea, parseOwnedArea } from './owned-area.ts';

/** Two tasks that never share a batch, in no particular order. */
export type ApartPair = readonly [string, string];

export interface PlaceableTask {
  readonly key: string;
  readonly dependsOn: readonly string[];
  readonly ownedPaths: readonly string[];
}

/** Dependencies on tasks that are not in the list count as satisfied. Keys must be unique. */
export function placeTasks(tasks: readonly PlaceableTask[], apart: readonly ApartPair[]): string[][] {
  const graph: DependencyGraph = new Map(tasks.map((task) => [task.key, task.dependsOn]));
  const areas = new Map(tasks.map((task) => [task.key, parseOwnedArea(task.ownedPaths)]));
  const order = new Map(tasks.map((task, at) => [task.key, at]));
  const batchOf = new Map<string, number>();
  const batches: string[][] = [];

  for (const key of sortByDependency(graph)) {
    const needed = (graph.get(key) ?? []).map((dependency) => batchOf.get(dependency) ?? -1);
    let batch = Math.max(-1, ...needed) + 1;
    while ((batches[batch] ?? []).some((other) => isKeptApart(key, other, { apart, areas }))) batch += 1;
    batchOf.set(key, batch);
    batches[batch] = [...(batches[batch] ?? []), key];
  }
  return batches.map((batch) => batch.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}

interface Separation {
  readonly apart: readonly ApartPair[];
  readonly areas: ReadonlyMap<string, OwnedArea>;
}

function isKeptApart(left: string, right: string, { apart, areas }: Separation): boolean {
  return isApartPair(left, right, apart) || isAreaOverlap(areas.get(left) ?? [], areas.get(right) ?? []);
}

export function isApartPair(left: string, right: string, apart: readonly ApartPair[]): boolean {
  return apart.some(([a, b]) => (a === left && b === right) || (a === right && b === left));
}
