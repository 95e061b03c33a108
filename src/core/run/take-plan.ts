import type { PlanOutcome } from '../model/plan-outcome.ts';
import type { Run, Task } from '../model/run.ts';
import { enterWork } from './approval.ts';
import { type Draft, note, toRevision } from './draft.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takePlan(draft: Draft, run: Run, outcome: PlanOutcome): void {
  if (outcome.kind === 'stopped') return;
  if (run.state.kind !== 'planning') return;
  if (outcome.kind === 'failed') return recordTrouble(draft, run, 'plan', outcome.cause);
  clearTrouble(run, 'plan');
  // What is built already is not left behind for a report.
  if (outcome.reads && run.tasks.length === 0) run.reads ??= { head: run.base.sha };
  const { tasks: before, behind } = run;
  run.plan = {
    hash: outcome.hash,
    ...(before.length > 0 ? { after: { tasks: before.length, batches: behind.length } } : {}),
    revision: toRevision(draft),
    ...(outcome.fingerprint === undefined ? {} : { fingerprint: outcome.fingerprint }),
    notes: outcome.notes,
    apart: outcome.apart,
    ...(outcome.relations === undefined ? {} : { relations: outcome.relations }),
    adjustments: outcome.adjustments,
    input: outcome.input,
    exchange: outcome.exchange,
    ...(outcome.model ? { model: outcome.model } : {}),
    ...(outcome.fallback === undefined ? {} : { fallback: outcome.fallback }),
    ...(outcome.route === undefined ? {} : { route: outcome.route }),
  };
  const tasks = outcome.tasks.map(
    (task): Task => ({ ...task, state: toFirstState(outcome, task.key), attempts: [], facts: [] }),
  );
  run.tasks = [...before, ...tasks];
  // What people pushed over the branch is built, and waits to be merged anew.
  const built = before.filter(({ state }) => state.kind === 'anchored').map(({ key }) => key);
  run.ahead = [...(built.length > 0 ? [built] : []), ...outcome.batches.map((batch) => [...batch])];
  note(draft, 'planned', `${outcome.tasks.length} tasks in ${outcome.batches.length} batches`, {
    batches: outcome.batches,
  });
  enterWork(draft, run);
}

/** Tasks that contradict each other, or wait for such a one, are accounted for from the start. */
function toFirstState(outcome: Extract<PlanOutcome, { kind: 'planned' }>, key: string): Task['state'] {
  const conflict = outcome.conflicted.find((entry) => entry.key === key);
  if (conflict) return { kind: 'conflicted', with: conflict.with, why: conflict.why };
  const block = outcome.blocked.find((entry) => entry.key === key);
  if (block) return { kind: 'blocked', on: block.on, cause: { kind: 'contradiction', with: block.on } };
  return { kind: 'pending' };
}
