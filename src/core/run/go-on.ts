// How a run goes on from its stored tasks after it rested, or with other tasks than it had: what `resume`, `continue`,
// `retry` and `skip` share. Who can run and in which order is settled by the pilot's own rules.
import { isTransient } from '../model/cause.ts';
import type { HeldState, Run, Task } from '../model/run.ts';
import type { Boundary, BoundaryTask } from '../pilot/boundary.ts';
import { type BoundaryPatch, settleBoundary } from '../pilot/boundary-patch.ts';
import { placeRunning } from '../pilot/replan-deterministically.ts';
import { settleTasks } from '../pilot/settle-tasks.ts';
import { settle } from './apply-boundary.ts';
import { toBoundary } from './to-boundary.ts';

export interface Wish {
  /** Tasks that are tried again, whatever became of them. */
  readonly retried: ReadonlySet<string>;
  /** Tasks that are left out, with the reason. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly by: string;
}

export interface Going {
  readonly patch: Pick<BoundaryPatch, 'attempts' | 'skips' | 'blocked' | 'spent' | 'failed' | 'facts'>;
  readonly ahead: string[][];
  /** Tasks that get one attempt more than the policy's total. */
  readonly granted: readonly string[];
}

/** What would become of every task that is open then. `position` is where the run is, or where a hold goes back to. */
export function planGoing(run: Run, position: HeldState | undefined, wish: Wish): Going {
  const current = position?.kind === 'executing' ? (run.ahead[0] ?? []) : undefined;
  const revived = listRevived(run, wish);
  const granted = run.tasks
    .filter(({ key, attempts, granted: before = 0 }) => {
      return wish.retried.has(key) && attempts.length - before >= run.policy.maxAttempts;
    })
    .map(({ key }) => key);
  const own = toBoundary(run);
  const tasks = run.tasks.map((task, at): BoundaryTask => {
    const plain = own.tasks[at] ?? { ...task, state: 'pending', attemptsUsed: 0 };
    const attemptsUsed = plain.attemptsUsed - (granted.includes(task.key) ? 1 : 0);
    const isLeftOut = wish.skipped.has(task.key);
    const state = isLeftOut ? 'pending' : toState(task, { plain, current, revived });
    return { ...plain, isFinal: false, attemptsUsed, state, dependsOn: isLeftOut ? [] : plain.dependsOn };
  });
  const boundary: Boundary = { ...own, tasks, batch: tasks.map(({ key }) => key) };
  const outcomes = settleTasks(boundary, { readmitted: wish.retried, skipped: new Set(wish.skipped.keys()) });
  const guidance = new Map(run.tasks.flatMap(({ key, guidance: told }) => (told ? [[key, told] as const] : [])));
  const patch = settleBoundary(boundary, outcomes, { reasons: wish.skipped, guidance, isDifferent: new Set() });
  const anchored = run.tasks.filter(({ state }) => state.kind === 'anchored').map(({ key }) => key);
  const first = current ?? anchored;
  const batches = placeWithAmendment(run, placeRunning(boundary, outcomes));
  const running = new Set([...batches.flat(), ...(current ?? [])]);
  return {
    patch: { ...patch, facts: [] },
    ahead: first.length > 0 ? [[...first], ...batches] : batches,
    granted: granted.filter((key) => running.has(key)),
  };
}

/** Whoever waits for an amendment is merged with it, as it is: in a batch of its own it would be built anew. */
function placeWithAmendment({ tasks }: Run, batches: string[][]): string[][] {
  return tasks.reduce((placed, { key, state }) => {
    if (state.kind !== 'awaiting_amendment' || !placed.some((batch) => batch.includes(state.on))) return placed;
    return placed
      .map((batch) =>
        batch.includes(state.on) ? [...new Set([...batch, key])] : batch.filter((other) => other !== key),
      )
      .filter((batch) => batch.length > 0);
  }, batches);
}

/** What was built counts as done for whoever waits for it; so does the batch that is under way, whose own end decides. */
function toState(
  task: Task,
  about: { plain: BoundaryTask; current: readonly string[] | undefined; revived: ReadonlySet<string> },
): BoundaryTask['state'] {
  if (task.state.kind === 'anchored' || about.current?.includes(task.key)) return 'passed';
  if (about.revived.has(task.key)) return 'pending';
  return about.plain.state;
}

/** Tasks that ended without having failed themselves, and that are looked at again now. */
function listRevived(run: Run, { retried }: Wish): ReadonlySet<string> {
  const revived = new Set<string>();
  for (const { key, state } of run.tasks) {
    if (state.kind === 'blocked' && state.cause.kind !== 'contradiction') revived.add(key);
    if (state.kind === 'skipped' && retried.has(key)) revived.add(key);
  }
  for (let before = -1; before !== revived.size; ) {
    before = revived.size;
    for (const { key, state } of run.tasks) {
      if (state.kind === 'skipped' && state.on !== undefined && revived.has(state.on)) revived.add(key);
    }
  }
  return revived;
}

/** What a resume tries again by itself: it failed, but nothing was found wrong with it. */
export function isTriedByResume(run: Run, task: Task): boolean {
  if (task.fixes !== undefined || task.state.kind !== 'failed' || !isTransient(task.state.cause)) return false;
  return task.attempts.length - (task.granted ?? 0) < run.policy.maxAttempts;
}

/** Nothing would run, be merged or be verified. */
export function isGoingNowhere(run: Run, { ahead }: Going): boolean {
  return ahead.length === 0 && !run.integration;
}

export function applyGoing(run: Run, { patch, ahead, granted }: Going, by: string): void {
  settle(run, patch, by);
  run.ahead = ahead;
  for (const task of run.tasks) {
    if (granted.includes(task.key)) task.granted = (task.granted ?? 0) + 1;
  }
}

/** Where a run that rests goes on. */
export function toNextState({ ahead }: Going): HeldState {
  return ahead.length > 0 ? { kind: 'executing', phase: 'attempting' } : { kind: 'reviewing', phase: 'verifying' };
}
