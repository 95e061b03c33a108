import type { IntegrationOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note } from './draft.ts';
import { keepReport } from './keep-report.ts';
import { settleConflicts } from './settle-conflict.ts';
import { findTask, tasksOf } from './task-state.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

type Integrated = Extract<IntegrationOutcome, { kind: 'integrated' }>;

export function takeIntegration(draft: Draft, run: Run, outcome: IntegrationOutcome): void {
  if (outcome.kind === 'stopped' || run.state.kind !== 'executing') return;
  if (outcome.kind === 'failed') return recordTrouble(draft, run, 'integrate', outcome.cause);
  clearTrouble(run, 'integrate');
  for (const key of outcome.landed) {
    const task = findTask(run, key);
    if (task?.state.kind !== 'anchored') continue;
    task.state = { kind: 'merged', contribution: task.state.contribution, commit: outcome.commit };
  }
  const conflicts = outcome.failed.flatMap(({ key, cause }) =>
    cause.kind === 'merge_conflict' ? [{ key, cause }] : [],
  );
  // What it conflicted with was taken out again: it is merged anew without that.
  const isMoot = outcome.landed.length === 0 && outcome.failed.length + outcome.rolledBack.length > conflicts.length;
  if (!isMoot) settleConflicts(run, conflicts);
  for (const { key, cause } of outcome.failed) {
    const task = findTask(run, key);
    if (!task || cause.kind === 'merge_conflict') continue;
    task.state = { kind: 'failed', cause };
    const attempt = task.attempts.at(-1);
    if (attempt) attempt.cause = cause;
  }
  for (const { key, cause } of outcome.rolledBack) {
    const task = findTask(run, key);
    if (task?.state.kind !== 'anchored') continue;
    // It passed by itself: it is merged again without being built again, unless somebody advises otherwise.
    task.kept = { contribution: task.state.contribution };
    task.state = { kind: 'rolled_back', cause };
  }
  if (outcome.landed.length > 0) {
    const { commit, tree, bundle } = outcome;
    run.integration = bundle === undefined ? { commit, tree } : { commit, tree, bundle };
  }
  if (outcome.verify) keepReport(run, outcome.verify);
  note(
    draft,
    'integrated',
    `batch ${run.behind.length + 1}: ${outcome.landed.length} merged and verified together, ${outcome.failed.length} failed, ${outcome.rolledBack.length} taken out`,
  );
  enter(draft, run, { kind: 'executing', since: draft.now, phase: toNextPhase(run, outcome) });
}

/** A batch is over when nothing of it is left to be repaired or merged. */
function toNextPhase(run: Run, { landed, failed, rolledBack }: Integrated): 'attempting' | 'integrating' | 'boundary' {
  const batch = tasksOf(run, run.ahead[0] ?? []);
  if (batch.some(({ state }) => state.kind === 'pending')) return 'attempting';
  const hasMoved = landed.length + failed.length + rolledBack.length > 0;
  return hasMoved && batch.some(({ state }) => state.kind === 'anchored') ? 'integrating' : 'boundary';
}
