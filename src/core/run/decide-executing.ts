import type { Run, RunState, Task } from '../model/run.ts';
import { decideBoundary } from './decide-boundary.ts';
import { type Draft, enter, listWork, nextActionId, note, want } from './draft.ts';
import { isOver, tasksOf } from './task-state.ts';
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
  const batch = tasksOf(run, run.ahead[0] ?? []);
  for (const task of batch) {
    if (task.state.kind === 'pending') startAttempt(draft, run, task);
  }
  if (!batch.every(isOver)) return;
  const isAnythingBuilt = batch.some((task) => task.state.kind === 'anchored');
  enter(draft, run, { kind: 'executing', since: draft.now, phase: isAnythingBuilt ? 'integrating' : 'boundary' });
}

function startAttempt(draft: Draft, run: Run, task: Task): void {
  const { runMicroUsd } = run.policy;
  if (run.spend.microUsd >= runMicroUsd) {
    const cause = {
      kind: 'budget',
      limit: 'budget.run_usd',
      value: runMicroUsd / 1e6,
      spent: run.spend.microUsd / 1e6,
    } as const;
    task.state = { kind: 'failed', cause };
    note(draft, 'budget', `${task.key} is not started: the run has used its budget`);
    return;
  }
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
    backoffUntil(draft, run, 'attempt'),
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
