// What each task of a plan really waits for: what it names, what a `dependent` relation adds, and, for features and
// amendments, every foundation whether they name it or not.
import { type DependencyGraph, isWaitingFor } from './dependency-graph.ts';
import type { PlanTask, Relation } from './plan.ts';

export function resolveDependencies(tasks: readonly PlanTask[], relations: readonly Relation[]): DependencyGraph {
  const keys = new Set(tasks.map((task) => task.key));
  const graph = new Map<string, string[]>();
  for (const task of tasks)
    graph.set(
      task.key,
      [...new Set(task.dependsOn)].filter((key) => keys.has(key)),
    );

  for (const { kind, a, b } of relations) {
    if (kind !== 'dependent' || a === b || !keys.has(a) || !keys.has(b)) continue;
    // What the tasks say themselves is more precise than a relation, whose direction is easily mixed up.
    if (!isWaitingFor(graph, b, a)) addEdge(graph, a, b);
  }
  for (const foundation of tasks.filter((task) => task.role === 'foundation')) {
    for (const task of tasks.filter(isAfterFoundations)) {
      if (!isWaitingFor(graph, foundation.key, task.key)) addEdge(graph, task.key, foundation.key);
    }
  }
  return graph;
}

export function isAfterFoundations(task: Pick<PlanTask, 'role'>): boolean {
  return task.role === 'feature' || task.role === 'amendment';
}

function addEdge(graph: Map<string, string[]>, from: string, to: string): void {
  const needed = graph.get(from);
  if (needed !== undefined && !needed.includes(to)) needed.push(to);
}
