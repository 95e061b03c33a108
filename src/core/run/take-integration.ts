import type { IntegrationOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note } from './draft.ts';
import { keepReport } from './keep-report.ts';
import { findTask } from './task-state.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takeIntegration(draft: Draft, run: Run, outcome: IntegrationOutcome): void {
  if (outcome.kind === 'stopped' || run.state.kind !== 'executing') return;
  if (outcome.kind === 'failed') return recordTrouble(draft, run, 'integrate', outcome.cause);
  clearTrouble(run, 'integrate');
  for (const key of outcome.landed) {
    const task = findTask(run, key);
    if (task?.state.kind !== 'anchored') continue;
    task.state = { kind: 'merged', contribution: task.state.contribution, commit: outcome.commit };
  }
  for (const { key, cause } of outcome.failed) {
    const task = findTask(run, key);
    if (!task) continue;
    task.state = { kind: 'failed', cause };
    const attempt = task.attempts.at(-1);
    if (attempt) attempt.cause = cause;
  }
  for (const { key, cause } of outcome.rolledBack) {
    const task = findTask(run, key);
    if (task) task.state = { kind: 'rolled_back', cause };
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
  enter(draft, run, { kind: 'executing', since: draft.now, phase: 'boundary' });
}
