import type { DependencyGraph } from './dependency-graph.ts';
import { sortByDependency } from './dependency-graph.ts';
import type { Relation } from './plan.ts';
import type { PlannedBatches } from './planned-batches.ts';

/** Contradicting tasks, both of each pair, and everything that waits for one of them. */
export function sortOutConflicts(
  graph: DependencyGraph,
  relations: readonly Relation[],
): Pick<PlannedBatches, 'conflicted' | 'blocked'> {
  const partners = new Map<string, { task: string; why: string }[]>();
  for (const { kind, a, b, why } of relations) {
    if (kind !== 'contradictory' || a === b || !graph.has(a) || !graph.has(b)) continue;
    partners.set(a, [...(partners.get(a) ?? []), { task: b, why }]);
    partners.set(b, [...(partners.get(b) ?? []), { task: a, why }]);
  }
  const blockedOn = new Map<string, string>();
  for (const key of sortByDependency(graph)) {
    if (partners.has(key)) continue;
    const on = (graph.get(key) ?? []).find((needed) => partners.has(needed) || blockedOn.has(needed));
    if (on !== undefined) blockedOn.set(key, on);
  }
  return {
    conflicted: [...graph.keys()]
      .filter((key) => partners.has(key))
      .map((task) => ({ task, with: partners.get(task) ?? [] })),
    blocked: [...graph.keys()].flatMap((task) => {
      const on = blockedOn.get(task);
      return on === undefined ? [] : [{ task, on }];
    }),
  };
}
