// The bound on what the pilot may give up. Counted is what a decision skips, dependents included, and also what runs
// without the pilot but not with it: declining to retry a transient failure gives up everything that waits for it. Where the
// rest is planned again, or the run is to end, nothing of that is declined.
import type { Boundary } from './boundary.ts';
import type { DecisionRejection } from './decision-rejection.ts';
import type { PilotDecision } from './pilot-decision.ts';
import { replanDeterministically } from './replan-deterministically.ts';
import type { Outcome } from './settle-tasks.ts';

/** In plan order. */
export function listGivenUp(
  boundary: Boundary,
  outcomes: ReadonlyMap<string, Outcome>,
  verdict: PilotDecision['verdict'],
): string[] {
  const runsAnyway = new Set(verdict === 'continue' ? replanDeterministically(boundary).batches.flat() : []);
  return boundary.tasks
    .map((task) => task.key)
    .filter((key) => {
      const kind = outcomes.get(key)?.kind;
      return kind === 'skipped' || (runsAnyway.has(key) && kind !== 'runs');
    });
}

export function checkGivenUp(boundary: Boundary, givenUp: readonly string[]): DecisionRejection[] {
  if (givenUp.length === 0) return [];
  const allowed = Math.max(1, Math.floor(boundary.maxSkipRatio * boundary.plannedTotal));
  // Written so that a ratio that is no number allows nothing.
  if (boundary.skippedSoFar + givenUp.length <= allowed) return [];
  return [{ kind: 'too_many_skips', givenUp, before: boundary.skippedSoFar, allowed }];
}
