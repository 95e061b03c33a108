// Turns a pilot's decision into a patch, or into every reason why not. All or nothing: no part of a rejected decision
// has any effect. It checks only what can be known from the boundary; what the decision is worth nobody can check.
import { type Boundary, hasAttemptLeft } from './boundary.ts';
import { type BoundaryPatch, type RoutedFact, settleBoundary, type Wishes } from './boundary-patch.ts';
import { checkBatches } from './check-batches.ts';
import { checkDecisionKeys } from './check-decision-keys.ts';
import { checkDecisionLimits } from './check-decision-limits.ts';
import { checkGivenUp, listGivenUp } from './check-given-up.ts';
import { checkStrategies } from './check-strategies.ts';
import type { DecisionRejection } from './decision-rejection.ts';
import type { PilotDecision } from './pilot-decision.ts';
import { placeRunning } from './replan-deterministically.ts';
import { type Choice, type Outcome, settleTasks } from './settle-tasks.ts';

export type AppliedDecision =
  | { readonly kind: 'applied'; readonly patch: BoundaryPatch }
  | { readonly kind: 'rejected'; readonly rejections: readonly DecisionRejection[] };

export function applyDecision(boundary: Boundary, decision: PilotDecision): AppliedDecision {
  const choice = readChoice(decision);
  const outcomes = settleTasks(boundary, choice);
  const givenUp = listGivenUp(boundary, outcomes, decision.verdict);
  const isOrderLeftOut = decision.verdict !== 'continue' && decision.batches.flat().length === 0;
  const rejections = [
    ...checkDecisionKeys(decision, boundary),
    ...checkStrategies(decision, boundary),
    ...checkDecisionLimits(decision, boundary),
    ...checkBases(boundary, outcomes, choice),
    ...(isOrderLeftOut ? [] : checkBatches(decision.batches, { boundary, outcomes, choice })),
    ...checkGivenUp(boundary, givenUp),
  ];
  if (rejections.length > 0) return { kind: 'rejected', rejections };
  return {
    kind: 'applied',
    patch: {
      ...settleBoundary(boundary, outcomes, readWishes(decision)),
      batches: isOrderLeftOut ? placeRunning(boundary, outcomes) : keepRunning(decision.batches, outcomes),
      facts: groupFacts(decision),
      learnings: decision.learnings,
      observations: decision.observed ?? [],
      givenUp,
      abort: decision.verdict === 'abort' ? 'requested' : 'none',
      replan: decision.verdict === 'replan' ? 'requested' : 'none',
    },
  };
}

function readChoice({ strategies, skip }: PilotDecision): Choice {
  return {
    readmitted: new Set(strategies.filter(({ action }) => action !== 'skip').map(({ task }) => task)),
    skipped: new Set([...strategies.filter(({ action }) => action === 'skip'), ...skip].map(({ task }) => task)),
  };
}

function readWishes({ strategies, skip }: PilotDecision): Wishes {
  const retries = strategies.filter(({ action }) => action !== 'skip');
  return {
    reasons: new Map([...skip, ...strategies].map(({ task, reason }) => [task, reason])),
    guidance: new Map(
      retries.flatMap(({ task, guidance = '' }) => (guidance.trim() === '' ? [] : [[task, guidance] as const])),
    ),
    isDifferent: new Set(retries.filter(({ action }) => action === 'retry_different').map(({ task }) => task)),
  };
}

/** A failed task that is to run again although what it depends on does not. */
function checkBases(boundary: Boundary, outcomes: ReadonlyMap<string, Outcome>, choice: Choice): DecisionRejection[] {
  return boundary.tasks.flatMap((task) => {
    const outcome = outcomes.get(task.key);
    if (task.state !== 'failed' || !choice.readmitted.has(task.key) || !hasAttemptLeft(boundary, task)) return [];
    if (outcome === undefined || !('on' in outcome) || outcome.on === undefined) return [];
    return [{ kind: 'base_not_running', key: task.key, base: outcome.on } as const];
  });
}

function keepRunning(batches: readonly (readonly string[])[], outcomes: ReadonlyMap<string, Outcome>): string[][] {
  return batches
    .map((batch) => batch.filter((key) => outcomes.get(key)?.kind === 'runs'))
    .filter((batch) => batch.length > 0);
}

function groupFacts({ routedContext }: PilotDecision): BoundaryPatch['facts'] {
  const facts = new Map<string, RoutedFact[]>();
  for (const { to, fact, from } of routedContext) {
    facts.set(to, [...(facts.get(to) ?? []), { fact, ...(from === undefined ? {} : { from }) }]);
  }
  return [...facts].map(([key, routed]) => ({ key, facts: routed }));
}
