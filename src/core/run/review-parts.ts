// A batch with many acceptance items is reviewed part by part, an action for each: what a part has found is saved before the
// next one is asked about, so that nothing of it is paid for twice. It holds for the tree that was looked at.
import { splitReview } from '../acceptance/split-review.ts';
import type { TaskResult } from '../model/acceptance.ts';
import type { Run, Task } from '../model/run.ts';
import { tasksOf } from './task-state.ts';

export interface ReviewParts {
  /** How many are over. */
  readonly done: number;
  /** The tasks of each part that is not, with the items that it is about. */
  readonly left: readonly (readonly Task[])[];
}

export function listParts(run: Run): ReviewParts {
  const tasks = tasksOf(run, run.candidate?.tasks ?? []);
  const results = listReviewed(run);
  const open = tasks.map((task) => {
    const known = new Set(results.find((result) => result.task === task.key)?.items.map(({ id }) => id));
    return { ...task, acceptance: task.acceptance.filter(({ id }) => !known.has(id)) };
  });
  const left = splitReview(open.filter(({ acceptance }) => acceptance.length > 0));
  const all = splitReview(tasks.filter(({ acceptance }) => acceptance.length > 0));
  return { done: all.length - left.length, left };
}

/** What is known of the merged tree as it is now. */
export function listReviewed({ reviewed, candidate }: Run): readonly TaskResult[] {
  return reviewed && reviewed.tree === candidate?.tree ? reviewed.results : [];
}

export function joinResults(known: readonly TaskResult[], found: readonly TaskResult[]): TaskResult[] {
  const keys = new Set([...known, ...found].map(({ task }) => task));
  const itemsOf = (results: readonly TaskResult[], key: string) =>
    results.filter(({ task }) => task === key).flatMap(({ items }) => items);
  return [...keys].map((task) => ({ task, items: [...itemsOf(known, task), ...itemsOf(found, task)] }));
}
