import { listUnmet } from '../acceptance/judge-acceptance.ts';
import type { AcceptanceOutcome, AcceptanceResult, TaskResult } from '../model/acceptance.ts';
import type { Cause } from '../model/cause.ts';
import type { Run, Task } from '../model/run.ts';
import { landCandidate } from './accept-batch.ts';
import { type Draft, enter, note } from './draft.ts';
import { leaveUnreviewed } from './leave-unreviewed.ts';
import { placeWaiters } from './place-waiters.ts';
import { joinResults, listParts, listReviewed } from './review-parts.ts';
import { tasksOf } from './task-state.ts';
import { toNextPhase } from './to-next-phase.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

type Candidate = NonNullable<Run['candidate']>;

/**
 * What a part of the review found is kept until all parts are over. Then what every item says is judged here once more
 * against the plan as it is recorded. Tasks that are not accepted fail; the others are merged anew without them, since the
 * tree that was judged is not the one that would land.
 */
export function takeAcceptance(draft: Draft, run: Run, outcome: AcceptanceOutcome): void {
  if (outcome.kind === 'stopped') return;
  const { candidate } = run;
  if (run.state.kind !== 'executing' || run.state.phase !== 'accepting' || !candidate) return;
  if (outcome.kind === 'failed') return recordTrouble(draft, run, 'acceptance', outcome.cause);
  clearTrouble(run, 'acceptance');
  const { exchange, model, seconds, spend } = outcome;
  const { commit } = candidate;
  const by = model ? { model } : {};
  const told = { batch: run.behind.length, at: draft.now, commit, exchange, ...by, seconds, spend };
  const [part = []] = listParts(run).left;
  if (outcome.kind === 'unusable') {
    run.acceptances.push({ ...told, tasks: part.map(({ key }) => key), failed: [] });
    note(draft, 'acceptance', `the reviewer of batch ${run.behind.length + 1} gave no answer that could be judged`);
    return leaveUnreviewed(draft, run, { kind: 'acceptance_unusable', why: outcome.why });
  }
  const found = joinResults(outcome.results, listUnsaid(part, outcome.results));
  const failed = found.filter(({ items }) => listUnmet(items, items).length > 0).map(({ task }) => task);
  run.acceptances.push({ ...told, tasks: found.map(({ task }) => task), failed });
  run.reviewed = { tree: candidate.tree, results: joinResults(listReviewed(run), found) };
  const { done, left } = listParts(run);
  if (left.length === 0) return conclude(draft, run, candidate);
  note(draft, 'acceptance', `batch ${run.behind.length + 1}: part ${done} of ${done + left.length} is reviewed`);
  enter(draft, run, { kind: 'executing', since: draft.now, phase: 'accepting' });
}

/** An item that was asked about and has no result is missing: it is not asked about for ever. */
function listUnsaid(part: readonly Task[], results: readonly TaskResult[]): TaskResult[] {
  return part.map(({ key, acceptance }) => {
    const said = results.filter(({ task }) => task === key).flatMap(({ items }) => items.map(({ id }) => id));
    const items = acceptance.filter(({ id }) => !said.includes(id));
    return { task: key, items: items.map((item) => ({ ...item, status: 'missing', evidence: unsaid })) };
  });
}

const unsaid = 'The reviewer said nothing about it.';

function conclude(draft: Draft, run: Run, candidate: Candidate): void {
  const results = new Map(listReviewed(run).map(({ task, items }) => [task, items]));
  delete run.reviewed;
  const tasks = tasksOf(run, candidate.tasks);
  const failed = tasks.filter((task) => !isAccepted(task, results.get(task.key) ?? []));
  note(
    draft,
    'acceptance',
    `batch ${run.behind.length + 1}: ${tasks.length - failed.length} of ${tasks.length} accepted`,
    { failed: failed.map(({ key }) => key) },
  );
  if (failed.length === 0) landCandidate(run, candidate);
  else delete run.candidate;
  placeWaiters(draft, run);
  enter(draft, run, { kind: 'executing', since: draft.now, phase: toNextPhase(run, true) });
}

/** Writes down what was found, beside the attempt that it was found of; the task fails where a must item is not met. */
function isAccepted(task: Task, results: AcceptanceResult[]): boolean {
  const attempt = task.attempts.at(-1);
  // What was found of an earlier one is in the causes and in its exchange, and the record is read with every look.
  for (const earlier of task.attempts) delete earlier.acceptance;
  if (attempt) attempt.acceptance = results;
  const items = listUnmet(task.acceptance, results);
  if (items.length === 0) return true;
  const cause: Cause = {
    kind: 'acceptance_failed',
    items: items.map(({ id, text, evidence }) => ({ id, text, why: evidence })),
  };
  task.state = { kind: 'failed', cause };
  if (attempt) attempt.cause = cause;
  return false;
}
