import { type Boundary, isOpen } from './boundary.ts';
import type { DecisionField, DecisionRejection } from './decision-rejection.ts';
import type { PilotDecision } from './pilot-decision.ts';

/** Keys that name no task, a passed one, or one that ended before. Each key is reported once per field. */
export function checkDecisionKeys(decision: PilotDecision, boundary: Boundary): DecisionRejection[] {
  const named: Record<DecisionField, string[]> = {
    failureAnalysis: decision.failureAnalysis.map(({ task }) => task),
    strategies: decision.strategies.map(({ task }) => task),
    routedContext: decision.routedContext.map(({ to }) => to),
    skip: decision.skip.map(({ task }) => task),
    batches: decision.batches.flat(),
  };
  const fields: DecisionField[] = ['failureAnalysis', 'strategies', 'routedContext', 'skip', 'batches'];
  return [
    ...fields.flatMap((field) => [...new Set(named[field])].flatMap((key) => checkKey(field, key, boundary))),
    ...checkSources(decision, boundary),
  ];
}

function checkKey(field: DecisionField, key: string, boundary: Boundary): DecisionRejection[] {
  const task = boundary.tasks.find((candidate) => candidate.key === key);
  if (task === undefined) return [{ kind: 'unknown_key', key, field }];
  if (task.state === 'passed') return [{ kind: 'passed_key', key, field }];
  return isOpen(boundary, task) ? [] : [{ kind: 'ended_key', key, field, state: task.state }];
}

/** A fact may well come from a task that passed; it only has to be a task. */
function checkSources({ routedContext }: PilotDecision, { tasks }: Boundary): DecisionRejection[] {
  const sources = new Set(routedContext.flatMap(({ from }) => (from === undefined ? [] : [from])));
  return [...sources]
    .filter((key) => tasks.every((task) => task.key !== key))
    .map((key) => ({ kind: 'unknown_key', key, field: 'routedContext' }) as const);
}
