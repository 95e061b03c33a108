// The arm without a model: what runs when the pilot is off, fails or answers nothing usable. It tries transient failures
// once more, gives no advice and never skips.
import { placeTasks } from '../plan/place-tasks.ts';
import { type Boundary, hasAttemptLeft } from './boundary.ts';
import { type BoundaryPatch, settleBoundary } from './boundary-patch.ts';
import { type Outcome, settleTasks } from './settle-tasks.ts';

export function replanDeterministically(boundary: Boundary): BoundaryPatch {
  const transient = boundary.tasks.filter(
    (task) => task.state === 'failed' && task.cause?.isTransient === true && hasAttemptLeft(boundary, task),
  );
  const readmitted = new Set(transient.map((task) => task.key));
  const outcomes = settleTasks(boundary, { readmitted, skipped: new Set() });
  return {
    ...settleBoundary(boundary, outcomes, { reasons: new Map(), guidance: new Map(), isDifferent: new Set() }),
    batches: placeRunning(boundary, outcomes),
    facts: [],
    learnings: [],
    observations: [],
    givenUp: [],
    abort: 'none',
    replan: 'none',
  };
}

/** The pilot alone cannot end a run while there is work that needs no pilot. */
export function isAbortEffective(boundary: Boundary): boolean {
  return replanDeterministically(boundary).batches.length === 0;
}

export function placeRunning(boundary: Boundary, outcomes: ReadonlyMap<string, Outcome>): string[][] {
  return placeTasks(
    boundary.tasks.filter((task) => outcomes.get(task.key)?.kind === 'runs'),
    boundary.apart,
  );
}
