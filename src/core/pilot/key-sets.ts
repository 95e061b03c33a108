import { type Boundary, hasAttemptLeft, isOpen } from './boundary.ts';
import { settleTasks } from './settle-tasks.ts';

export interface KeySets {
  /** Failed in this batch; ends here unless re-admitted. */
  readonly failed: readonly string[];
  /** Innocent, still planned. */
  readonly rolledBack: readonly string[];
  /** Everything else that may still run. */
  readonly remaining: readonly string[];
}

/** Disjoint, in plan order. Rolled back and remaining tasks that can never run again are in none of them. */
export function computeKeySets(boundary: Boundary): KeySets {
  const runnable = new Set(listRunnable(boundary));
  const pick = (state: string) =>
    boundary.tasks.filter((task) => task.state === state && runnable.has(task.key)).map((task) => task.key);
  return {
    failed: boundary.tasks.filter((task) => task.state === 'failed' && isOpen(boundary, task)).map((task) => task.key),
    rolledBack: pick('rolled_back'),
    remaining: pick('pending'),
  };
}

/** What could run at best: every failed task that has an attempt left runs again and nothing is skipped. */
export function listRunnable(boundary: Boundary): string[] {
  const readmitted = new Set(
    boundary.tasks.filter((task) => task.state === 'failed' && hasAttemptLeft(boundary, task)).map((task) => task.key),
  );
  const outcomes = settleTasks(boundary, { readmitted, skipped: new Set() });
  return boundary.tasks.map((task) => task.key).filter((key) => outcomes.get(key)?.kind === 'runs');
}
