import type { IntegrationOutcome, Loss } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { isReviewed, landCandidate } from './accept-batch.ts';
import { askAmendment } from './ask-amendment.ts';
import { type Draft, enter, note } from './draft.ts';
import { keepReport } from './keep-report.ts';
import { placeWaiters } from './place-waiters.ts';
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
  const taken =
    outcome.failed.length - conflicts.length + outcome.rolledBack.length + (outcome.amend?.keys.length ?? 0);
  const isMoot = outcome.landed.length === 0 && taken > 0;
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
  for (const key of outcome.amend?.keys ?? []) {
    const task = findTask(run, key);
    if (!outcome.amend || task?.state.kind !== 'anchored') continue;
    const { contract, besides = [], owner, wish } = outcome.amend;
    askAmendment(draft, run, task, {
      paths: [contract, ...besides],
      owner,
      wish,
      contribution: task.state.contribution,
    });
  }
  if (outcome.losses) keepLosses(draft, run, outcome.losses);
  if (outcome.verify) keepReport(run, outcome.verify);
  const { commit, tree, bundle, landed } = outcome;
  const candidate = { commit, tree, tasks: landed, ...(bundle === undefined ? {} : { bundle }) };
  delete run.candidate;
  if (isWaiting) run.candidate = candidate;
  else if (landed.length > 0) landCandidate(run, candidate);
  placeWaiters(draft, run);
  note(
    draft,
    'integrated',
    `batch ${run.behind.length + 1}: ${outcome.landed.length} merged and verified together, ${outcome.failed.length} failed, ${outcome.rolledBack.length} taken out`,
  );
  const { failed, rolledBack } = outcome;
  const hasMoved = landed.length + failed.length + rolledBack.length > 0 || outcome.amend !== undefined;
  enter(draft, run, {
    kind: 'executing',
    since: draft.now,
    phase: isWaiting ? 'accepting' : toNextPhase(run, hasMoved),
  });
}

/** What is lost is told, and not undone: a later task may have had to change it. */
function keepLosses(draft: Draft, run: Run, losses: readonly Loss[]): void {
  const isKnown = (loss: Loss) => run.losses?.some(({ task, path }) => task === loss.task && path === loss.path);
  for (const loss of losses.filter((one) => !isKnown(one)))
    note(
      draft,
      'overwritten',
      `${loss.lines} of ${loss.of} lines that ${loss.task} added are gone: ${quoteCode(loss.path)}`,
      {
        ...loss,
      },
    );
  if (losses.length > 0) run.losses = [...losses];
  else delete run.losses;
}
