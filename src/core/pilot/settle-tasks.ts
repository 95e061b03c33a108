// What becomes of every task once it is known which failed ones run again and which tasks are skipped. The single place
// that decides who can still run; the pilot's decision, the deterministic arm and the key sets all read it.
import { type Boundary, type BoundaryTask, hasAttemptLeft, isOpen } from './boundary.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'runs' }
  /** Failed in this batch and not run again. */
  | { readonly kind: 'failed' }
  /** Not failed, but without an attempt left. */
  | { readonly kind: 'spent' }
  /** `on` is the skipped task it depends on; absent when it was named itself. */
  | { readonly kind: 'skipped'; readonly on?: string }
  | { readonly kind: 'blocked'; readonly on: string }
  /** Failed, skipped, blocked, conflicted or replaced before this boundary. */
  | { readonly kind: 'ended' };

export interface Choice {
  /** Failed tasks that run again. */
  readonly readmitted: ReadonlySet<string>;
  readonly skipped: ReadonlySet<string>;
}

/** An outcome for every key. A task that waits for an unknown key or for itself is blocked. */
export function settleTasks(boundary: Boundary, choice: Choice): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const waiting: BoundaryTask[] = [];
  for (const task of boundary.tasks) {
    const own = settleAlone(boundary, task, choice);
    if (own === undefined) waiting.push(task);
    else outcomes.set(task.key, own);
  }
  const known = new Set(boundary.tasks.map((task) => task.key));
  let isMoving = true;
  while (isMoving) {
    isMoving = false;
    for (const task of waiting.filter(({ key }) => !outcomes.has(key))) {
      const isReady = task.dependsOn.every((needed) => outcomes.has(needed) || !known.has(needed));
      if (!isReady) continue;
      outcomes.set(task.key, settleByDependencies(task, outcomes, choice));
      isMoving = true;
    }
  }
  for (const { key, dependsOn } of waiting.filter((task) => !outcomes.has(task.key))) {
    outcomes.set(key, { kind: 'blocked', on: dependsOn.find((needed) => !outcomes.has(needed)) ?? key });
  }
  return outcomes;
}

/** The outcome where it does not hang on other tasks. */
function settleAlone(boundary: Boundary, task: BoundaryTask, choice: Choice): Outcome | undefined {
  if (task.state === 'passed') return { kind: 'passed' };
  if (!isOpen(boundary, task)) return { kind: 'ended' };
  const hasLeft = hasAttemptLeft(boundary, task);
  if (task.state === 'failed') return hasLeft && choice.readmitted.has(task.key) ? undefined : { kind: 'failed' };
  return hasLeft || choice.skipped.has(task.key) ? undefined : { kind: 'spent' };
}

function settleByDependencies(task: BoundaryTask, outcomes: ReadonlyMap<string, Outcome>, choice: Choice): Outcome {
  const find = (isIt: (kind: Outcome['kind'] | undefined) => boolean) =>
    task.dependsOn.find((needed) => isIt(outcomes.get(needed)?.kind));
  // A base that cannot run outweighs a skip: the task would not have run anyway, and its cause says why.
  const lost = find((kind) => kind !== 'passed' && kind !== 'runs' && kind !== 'skipped');
  if (lost !== undefined) return { kind: 'blocked', on: lost };
  if (choice.skipped.has(task.key)) return { kind: 'skipped' };
  const skipped = find((kind) => kind === 'skipped');
  return skipped === undefined ? { kind: 'runs' } : { kind: 'skipped', on: skipped };
}
