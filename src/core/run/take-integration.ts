import type { IntegrationOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { isReviewed, landCandidate } from './accept-batch.ts';
import { type Draft, enter, note } from './draft.ts';
import { keepReport } from './keep-report.ts';
import { settleConflicts } from './settle-conflict.ts';
import { findTask } from './task-state.ts';
import { toNextPhase } from './to-next-phase.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takeIntegration(draft: Draft, run: Run, outcome: IntegrationOutcome): void {
  if (outcome.kind === 'stopped' || run.state.kind !== 'executing') return;
  if (outcome.kind === 'failed') return recordTrouble(draft, run, 'integrate', outcome.cause);
  clearTrouble(run, 'integrate');
  const isWaiting = isReviewed(run, outcome.landed);
  const conflicts = outcome.failed.flatMap(({ key, cause }) =>
    cause.kind === 'merge_conflict' ? [{ key, cause }] : [],
  );
  // What it conflicted with was taken out again: it is merged anew without that.
  const isMoot = outcome.landed.length === 0 && outcome.failed.length + outcome.rolledBack.length > conflicts.length;
  // As long as nobody knows whether the others land, it is not known either what it has to be repaired for.
  if (!isMoot && !isWaiting) settleConflicts(run, conflicts);
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
  if (outcome.verify) keepReport(run, outcome.verify);
  const { commit, tree, bundle, landed } = outcome;
  const candidate = { commit, tree, tasks: landed, ...(bundle === undefined ? {} : { bundle }) };
  delete run.candidate;
  if (isWaiting) run.candidate = candidate;
  else if (landed.length > 0) landCandidate(run, candidate);
  note(
    draft,
    'integrated',
    `batch ${run.behind.length + 1}: ${outcome.landed.length} merged and verified together, ${outcome.failed.length} failed, ${outcome.rolledBack.length} taken out`,
  );
  const { failed, rolledBack } = outcome;
  const hasMoved = landed.length + failed.length + rolledBack.length > 0;
  enter(draft, run, {
    kind: 'executing',
    since: draft.now,
    phase: isWaiting ? 'accepting' : toNextPhase(run, hasMoved),
  });
}
