import type { Run, RunState, Task } from '../model/run.ts';
import { decideBoundary } from './decide-boundary.ts';
import { type Draft, enter, listWork, nextActionId, note, want } from './draft.ts';
import { isBudgetSpent, isOver, tasksOf } from './task-state.ts';
import { backoffUntil } from './trouble.ts';

type Executing = Extract<RunState, { kind: 'executing' }>;

export function decideExecuting(draft: Draft, run: Run, state: Executing): void {
  switch (state.phase) {
    case 'attempting':
      return decideAttempting(draft, run);
    case 'integrating':
      return decideIntegrating(draft, run);
    case 'boundary':
      return decideBoundary(draft, run);
  }
}

/** Starts what may start in the current batch; when all of it has ended, what was built is merged. */
function decideAttempting(draft: Draft, run: Run): void {
  if (isBudgetSpent(run)) endForBudget(draft, run);
  const batch = tasksOf(run, run.ahead[0] ?? []);
  for (const task of batch) {
    if (task.state.kind === 'pending') startAttempt(draft, run, task);
  }
  if (!batch.every(isOver)) return;
  const isAnythingBuilt = batch.some((task) => task.state.kind === 'anchored');
  enter(draft, run, { kind: 'executing', since: draft.now, phase: isAnythingBuilt ? 'integrating' : 'boundary' });
}

/** What is under way may end and what was built is kept; nothing else of the run is started, in this batch or a later one. */
function endForBudget(draft: Draft, run: Run): void {
  const value = run.policy.runMicroUsd / 1e6;
  const cause = { kind: 'budget', limit: 'budget.run_usd', value, spent: run.spend.microUsd / 1e6 } as const;
  const waiting = run.tasks.filter((task) => task.state.kind === 'pending');
  for (const task of waiting) task.state = { kind: 'failed', cause };
  if (waiting.length > 0) note(draft, 'budget', `the run has used its budget; ${waiting.length} tasks are not started`);
}

function startAttempt(draft: Draft, run: Run, task: Task): void {
  const number = task.attempts.length + 1;
  const base = run.integration?.commit ?? run.base.sha;
  task.attempts.push({ number, base, startedAt: draft.now });
  task.state = { kind: 'running' };
  const id = nextActionId(run, 'attempt', `${task.key}-${number}`);
  note(draft, 'attempt', `attempt ${number} of ${task.key} starts at ${base.slice(0, 10)}`, {
    task: task.key,
    number,
    actionId: id,
  });
  want(
    draft,
    { kind: 'attempt', id, runId: run.id, task: task.key, number, base },
    backoffUntil(draft, run, `attempt of ${task.key}`),
  );
  draft.urgency = 'now';
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
