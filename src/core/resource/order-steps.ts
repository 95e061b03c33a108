// In which order the steps of a workflow run: stages, one after the other, whose members may run at the same time.
import type { StepMatter } from './resource.ts';

export type OrderedSteps =
  | { readonly kind: 'ordered'; readonly stages: readonly (readonly StepMatter[])[] }
  | { readonly kind: 'cycle'; readonly ids: readonly string[] };

/** What each step waits for, by its id: what it says itself, else the step or the parallel group right before it. */
export function resolveSteps(steps: readonly StepMatter[]): ReadonlyMap<string, readonly string[]> {
  const resolved = new Map<string, readonly string[]>();
  for (const [index, step] of steps.entries()) resolved.set(step.id, step.dependsOn ?? implied(steps, index, resolved));
  return resolved;
}

function implied(
  steps: readonly StepMatter[],
  index: number,
  resolved: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const [step, before] = [steps[index], steps[index - 1]];
  if (!before) return [];
  if (before.parallel === undefined) return [before.id];
  if (before.parallel === step?.parallel) return resolved.get(before.id) ?? [];
  return steps.slice(0, index).flatMap(({ id, parallel }) => (parallel === before.parallel ? [id] : []));
}

/** Ids must be unique and lead somewhere: both are told by whoever checks the workflow. */
export function orderSteps(steps: readonly StepMatter[]): OrderedSteps {
  const needs = resolveSteps(steps);
  const known = new Set(needs.keys());
  const done = new Set<string>();
  const stages: StepMatter[][] = [];
  while (done.size < known.size) {
    const stage = steps.filter(
      ({ id }) => !done.has(id) && (needs.get(id) ?? []).every((need) => done.has(need) || !known.has(need)),
    );
    if (stage.length === 0) return { kind: 'cycle', ids: findCycle(needs, done) };
    for (const { id } of stage) done.add(id);
    stages.push(stage);
  }
  return { kind: 'ordered', stages };
}

/** All steps that stand before one, however far. */
export function listBefore(steps: readonly StepMatter[], id: string): ReadonlySet<string> {
  const needs = resolveSteps(steps);
  const before = new Set<string>();
  const open = [...(needs.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (before.has(next)) continue;
    before.add(next);
    open.push(...(needs.get(next) ?? []));
  }
  return before;
}

/** Following what waits for what among those that never start ends where it began. */
function findCycle(needs: ReadonlyMap<string, readonly string[]>, done: ReadonlySet<string>): string[] {
  const walked: string[] = [];
  let id = [...needs.keys()].find((key) => !done.has(key));
  while (id !== undefined && !walked.includes(id)) {
    walked.push(id);
    id = needs.get(id)?.find((need) => needs.has(need) && !done.has(need));
  }
  return id === undefined ? walked : [...walked.slice(walked.indexOf(id)), id];
}
