/** What each task waits for, by key. Keys that the map does not hold count as already satisfied. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/** Whether `from` waits for `target`, directly or through others. */
export function isWaitingFor(graph: DependencyGraph, from: string, target: string): boolean {
  return collectNeeded(graph, from).has(target);
}

/** A shortest cycle, as the keys on it in the order of waiting, or undefined. A task can wait for itself. */
export function findCycle(graph: DependencyGraph): string[] | undefined {
  for (const start of graph.keys()) {
    const cameFrom = collectNeeded(graph, start);
    if (!cameFrom.has(start)) continue;
    const cycle: string[] = [];
    for (let at = cameFrom.get(start); at !== undefined && at !== start; at = cameFrom.get(at)) cycle.unshift(at);
    return [start, ...cycle];
  }
  return undefined;
}

/**
 * Every task after what it waits for and otherwise in the order given. Where a cycle leaves nothing ready, the first
 * task that waits only for its own cycle goes next, so the answer always holds every key once.
 */
export function sortByDependency(graph: DependencyGraph): string[] {
  const left = new Map(graph);
  const sorted: string[] = [];
  while (left.size > 0) {
    const keys = [...left.keys()];
    const isReady = (key: string) => !(left.get(key) ?? []).some((needed) => left.has(needed));
    const isOnlyInCycle = (key: string) =>
      [...collectNeeded(left, key).keys()].every((needed) => !left.has(needed) || isWaitingFor(left, needed, key));
    const next = keys.find(isReady) ?? keys.find(isOnlyInCycle);
    if (next === undefined) break;
    sorted.push(next);
    left.delete(next);
  }
  return sorted;
}

/** Everything that `from` waits for, each with the key through which it was reached first. */
function collectNeeded(graph: DependencyGraph, from: string): Map<string, string> {
  const cameFrom = new Map<string, string>();
  const open = [from];
  for (const key of open) {
    for (const needed of graph.get(key) ?? []) {
      if (cameFrom.has(needed)) continue;
      cameFrom.set(needed, key);
      if (needed !== from) open.push(needed);
    }
  }
  return cameFrom;
}
