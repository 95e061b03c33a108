// Whether the batches of a decision hold exactly what runs, in an order in which it can run. Keys that name no task that
// could run at all are reported by checkDecisionKeys and passed over here.
import { isAreaOverlap, parseOwnedArea } from '../plan/owned-area.ts';
import { isApartPair } from '../plan/place-tasks.ts';
import type { Boundary, BoundaryTask } from './boundary.ts';
import type { DecisionRejection } from './decision-rejection.ts';
import type { Choice, Outcome } from './settle-tasks.ts';

interface Judged {
  readonly boundary: Boundary;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly choice: Choice;
}

export function checkBatches(batches: readonly (readonly string[])[], judged: Judged): DecisionRejection[] {
  return [
    ...checkCoverage(batches.flat(), judged),
    ...checkOrder(batches, judged),
    ...batches.flatMap((batch) => checkNeighbours([...new Set(batch)], judged)),
  ];
}

function checkCoverage(placed: readonly string[], { boundary, outcomes, choice }: Judged): DecisionRejection[] {
  return boundary.tasks.flatMap((task): DecisionRejection[] => {
    const key = task.key;
    const places = placed.filter((other) => other === key).length;
    const outcome = outcomes.get(key);
    const rejections: DecisionRejection[] = [];
    if (places > 1) rejections.push({ kind: 'doubled_in_batches', key });
    if (places === 0 && outcome?.kind === 'runs') rejections.push({ kind: 'missing_in_batches', key });
    if (places > 0 && choice.skipped.has(key)) rejections.push({ kind: 'skipped_in_batch', key });
    else if (places > 0) rejections.push(...checkIdle(task, outcome, { boundary, choice }));
    return rejections;
  });
}

/**
 * A task in batches that does not run. Retries are judged by checkStrategies, and dependents that the engine takes out
 * itself are no fault of the decision.
 */
function checkIdle(
  { key, attemptsUsed }: BoundaryTask,
  outcome: Outcome | undefined,
  { boundary, choice }: Pick<Judged, 'boundary' | 'choice'>,
): DecisionRejection[] {
  if (choice.readmitted.has(key)) return [];
  if (outcome?.kind === 'failed') return [{ kind: 'not_readmitted', key }];
  return outcome?.kind === 'spent'
    ? [{ kind: 'attempts_spent', key, used: attemptsUsed, maxAttempts: boundary.maxAttempts }]
    : [];
}

function checkOrder(batches: readonly (readonly string[])[], { boundary, outcomes }: Judged): DecisionRejection[] {
  const isRunning = (key: string) => outcomes.get(key)?.kind === 'runs';
  const place = (key: string) => batches.findIndex((batch) => batch.includes(key));
  return boundary.tasks
    .filter((task) => isRunning(task.key) && place(task.key) !== -1)
    .flatMap((task) =>
      task.dependsOn
        .filter((needed) => isRunning(needed) && place(needed) >= place(task.key))
        .map((dependency) => ({ kind: 'before_dependency', key: task.key, dependency }) as const),
    );
}

function checkNeighbours(batch: readonly string[], { boundary, outcomes }: Judged): DecisionRejection[] {
  const running = boundary.tasks.filter((task) => batch.includes(task.key) && outcomes.get(task.key)?.kind === 'runs');
  const areas = new Map(running.map((task) => [task.key, parseOwnedArea(task.ownedPaths)]));
  return running.flatMap((left, at) =>
    running.slice(at + 1).flatMap((right): DecisionRejection[] => {
      const keys = [left.key, right.key] as const;
      if (isAreaOverlap(areas.get(left.key) ?? [], areas.get(right.key) ?? []))
        return [{ kind: 'overlap_in_batch', keys }];
      return isApartPair(left.key, right.key, boundary.apart) ? [{ kind: 'partners_in_batch', keys }] : [];
    }),
  );
}
