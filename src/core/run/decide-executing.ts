import type { Action } from '../model/action.ts';
import type { Limits, Run, RunState, Task } from '../model/run.ts';
import { findOpenQuestion } from '../question/list-questions.ts';
import { enterWork, isUnapproved } from './approval.ts';
import { awaitText } from './await-text.ts';
import { askForPart, hasAttemptsLeft, reserve, toAttemptsCause, toSpendCause } from './budget.ts';
import { decideAccepting } from './decide-accepting.ts';
import { awaitBaseline, endBaseline, toStartingPoint } from './decide-baseline.ts';
import { decideBoundary } from './decide-boundary.ts';
import { awaitAnswers } from './decide-needs-input.ts';
import { type Draft, enter, listOutstanding, listWork, nextActionId, note, want } from './draft.ts';
import { placeWaiters } from './place-waiters.ts';
import { isKeptWhole, isOver, listWaitingBuilt, skipWaiting, tasksOf } from './task-state.ts';
import { backoffUntil } from './trouble.ts';

type Executing = Extract<RunState, { kind: 'executing' }>;

export function decideExecuting(draft: Draft, run: Run, state: Executing): void {
  placeWaiters(draft, run);
  switch (state.phase) {
    case 'attempting':
      return decideAttempting(draft, run);
    case 'integrating':
      return decideIntegrating(draft, run);
    case 'accepting':
      return decideAccepting(draft, run);
    case 'boundary':
      return decideBoundary(draft, run);
  }
}

/** Starts what may start in the current batch; when all of it has ended, what was built is merged. */
function decideAttempting(draft: Draft, run: Run): void {
  if (run.finishing) skipWaiting(run, run.finishing.by, listWaitingBuilt(run));
  // However it got here: nothing starts that nobody approved.
  else if (isUnapproved(run)) return enterWork(draft, run);
  const batch = tasksOf(run, run.ahead[0] ?? []);
  for (const task of batch) takeUpKept(task);
  startWhatMay(draft, run, batch);
  if (!batch.some(({ state }) => state.kind === 'pending')) endBaseline(draft);
  if (!batch.every(isOver)) return awaitAnswers(draft, run);
  const isAnythingBuilt = batch.some((task) => task.state.kind === 'anchored');
  enter(draft, run, { kind: 'executing', since: draft.now, phase: isAnythingBuilt ? 'integrating' : 'boundary' });
}

function startWhatMay(draft: Draft, run: Run, batch: readonly Task[]): void {
  const waiting = batch.filter(
    (task) => task.state.kind === 'pending' && !findOpenQuestion(run, task.key) && !isHeld(draft, run, task),
  );
  if (waiting.length > 0 && (awaitBaseline(draft, run) || awaitText(draft, run))) return;
  for (const [at, task] of waiting.entries()) {
    if (!hasAttemptsLeft(run)) return endForBudget(draft, run, toAttemptsCause(run));
    const limits = askForPart(draft, run, waiting.length - at);
    if (limits === 'later') return;
    if (limits !== 'used_up') startAttempt(draft, run, task, limits);
    // What is under way may give some of its part back.
    else if (run.reserved) return;
    else return endForBudget(draft, run, toSpendCause(run));
  }
}

/** An attempt of it that was taken back has not ended yet: two at once would cost twice. */
function isHeld(draft: Draft, run: Run, task: Task): boolean {
  const outstanding = new Set(listOutstanding(draft));
  return draft.snapshot.outbox.some(
    ({ action }) =>
      action.kind === 'attempt' && action.runId === run.id && action.task === task.key && outstanding.has(action.id),
  );
}

/** What is under way may end and what was built is kept; nothing else of the run is started, in this batch or a later one. */
function endForBudget(draft: Draft, run: Run, cause: ReturnType<typeof toSpendCause>): void {
  // What is built has only to be merged, in whichever batch.
  const waiting = run.tasks.filter((task) => task.state.kind === 'pending' && !isKeptWhole(task));
  for (const task of waiting) task.state = { kind: 'failed', cause };
  if (waiting.length > 0)
    note(draft, 'budget', `\`${cause.limit}\` is used up; ${waiting.length} tasks are not started`);
}

/** What is built already and met no conflict is only merged: a merge that is tried again never runs an agent. */
function takeUpKept(task: Task): void {
  if (task.state.kind !== 'pending' || !task.kept || !isKeptWhole(task)) return;
  task.state = { kind: 'anchored', contribution: task.kept.contribution };
  delete task.kept;
}

function startAttempt(draft: Draft, run: Run, task: Task, limits: Limits): void {
  const number = task.attempts.length + 1;
  const base = toStartingPoint(run);
  const id = nextActionId(run, 'attempt', `${task.key}-${number}`);
  const repair = toRepair(task);
  const checkpoint = draft.handedOn.get(task.key);
  const isOfIt = checkpoint?.base === base && !repair;
  task.attempts.push({
    number,
    batch: run.behind.length,
    action: id,
    base,
    startedAt: draft.now,
    ...(repair ? { repair: { paths: repair.paths, secondary: [], removed: [] } } : {}),
    ...(isOfIt ? { checkpoint } : {}),
  });
  task.state = { kind: 'running' };
  reserve(draft, run, id, limits);
  const what = repair
    ? `attempt ${number} of ${task.key}, a repair of its conflict,`
    : `attempt ${number} of ${task.key}`;
  note(draft, 'attempt', `${what} starts at ${base.slice(0, 10)}`, { task: task.key, number, actionId: id });
  want(
    draft,
    { kind: 'attempt', id, runId: run.id, task: task.key, number, base, limits, ...(repair ? { repair } : {}) },
    backoffUntil(draft, run, `attempt of ${task.key}`),
  );
  draft.urgency = 'now';
}

function toRepair({ kept, attempts }: Task): Extract<Action, { kind: 'attempt' }>['repair'] {
  if (!kept?.conflict) return undefined;
  const { commit, bundle } = kept.contribution;
  const built = attempts.findLast(({ endedAt, repair }) => endedAt !== undefined && !repair);
  return { base: built?.base ?? commit, commit, bundle, paths: kept.conflict.paths };
}

function decideIntegrating(draft: Draft, run: Run): void {
  if (listWork(draft).length > 0) return;
  const contributions = tasksOf(run, run.ahead[0] ?? [])
    .flatMap((task) => (task.state.kind === 'anchored' ? [{ task: task.key, ...task.state.contribution }] : []))
    .sort((a, b) => (a.task < b.task ? -1 : 1))
    .map(({ task, commit, tree, bundle }) => ({ task, commit, tree, bundle }));
  want(
    draft,
    {
      kind: 'integrate',
      id: nextActionId(run, 'integrate'),
      runId: run.id,
      batch: run.behind.length,
      onto: run.integration?.commit ?? run.base.sha,
      contributions,
    },
    backoffUntil(draft, run, 'integrate'),
  );
}
