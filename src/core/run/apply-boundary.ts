// Carries a boundary's patch into the run: every task that failed, was rolled back or waits gets exactly one outcome.
import type { Cause } from '../model/cause.ts';
import { type BoundaryRecord, listNeeded, type Run, type Task } from '../model/run.ts';
import type { BoundaryPatch } from '../pilot/boundary-patch.ts';
import type { PilotDecision } from '../pilot/pilot-decision.ts';
import { renderCause } from '../reply/render-cause.ts';
import { renderPatchLines } from '../reply/render-patch-lines.ts';
import { runLimits } from './budget.ts';
import { type Draft, enter, note } from './draft.ts';
import { endReported } from './end-reported.ts';
import { keepLearnings } from './keep-learnings.ts';
import { findTask, tasksOf } from './task-state.ts';

const tellers: Record<BoundaryRecord['source']['kind'], string> = {
  pilot: 'the gate pilot decides',
  fell_back: 'the deterministic plan goes on',
  not_called: 'the deterministic plan goes on',
};

/** What a boundary's record says beside what is seen in the run. */
export interface Told extends Pick<BoundaryRecord, 'source' | 'model' | 'seconds' | 'spend'> {
  readonly exchange?: string;
  /** What the pilot thinks of the failures; empty where its decision is not used. */
  readonly analysis?: PilotDecision['failureAnalysis'];
}

export function applyBoundary(draft: Draft, run: Run, patch: BoundaryPatch, told: Told): void {
  recordBoundary(draft, run, renderPatchLines(patch), told);
  settle(run, patch, 'the gate pilot');
  keepLearnings(run, patch);
  run.skippedByPilot += patch.givenUp.length;
  run.behind.push(run.ahead[0] ?? []);
  run.ahead = patch.batches.map((keys) => [...keys]);
  if (run.ahead.length > 0) return enter(draft, run, { kind: 'executing', since: draft.now, phase: 'attempting' });
  finishExecuting(draft, run);
}

/** Keeps what a batch with failures led to; one without leaves no record. */
export function recordBoundary(
  draft: Draft,
  run: Run,
  lines: string[],
  { analysis = [], source, seconds, spend, exchange, model }: Told,
): void {
  const failures = tasksOf(run, run.ahead[0] ?? []).flatMap(({ key, state }) => {
    if (state.kind !== 'failed' && state.kind !== 'rolled_back' && state.kind !== 'merge_blocked') return [];
    const thought = analysis.find(({ task }) => task === key);
    const { cause, why } = thought ?? {};
    return [
      {
        key,
        kind: state.kind === 'rolled_back' ? state.kind : ('failed' as const),
        told: { key, cause: renderCause(state.cause), ...(cause && why ? { analysis: { cause, why } } : {}) },
      },
    ];
  });
  if (failures.length === 0) return;
  const keysOf = (kind: 'failed' | 'rolled_back') =>
    failures.filter((each) => each.kind === kind).map(({ key }) => key);
  const [failed, rolledBack] = [keysOf('failed'), keysOf('rolled_back')];
  run.boundaries.push({
    batch: run.behind.length,
    at: draft.now,
    failed,
    rolledBack,
    failures: failures.map((each) => each.told),
    lines,
    source,
    seconds,
    spend,
    ...(exchange === undefined ? {} : { exchange }),
    ...(model ? { model } : {}),
  });
  note(draft, 'boundary', `${tellers[source.kind]} after batch ${run.behind.length + 1}: ${lines.join('; ')}`, {
    failed,
    rolledBack,
    lines,
  });
}

type Settlement = Pick<BoundaryPatch, 'attempts' | 'skips' | 'blocked' | 'spent' | 'facts'>;

/** `by`: who left out the tasks that are skipped by name. */
export function settle(run: Run, patch: Settlement, by: string): void {
  const change = (key: string, apply: (task: Task) => void) => {
    const task = findTask(run, key);
    if (task) apply(task);
  };
  for (const attempt of patch.attempts) {
    change(attempt.key, (task) => {
      // Placed behind what it waits for.
      if (task.state.kind === 'awaiting_amendment') return;
      const hasFailed = task.state.kind === 'failed' || task.state.kind === 'merge_blocked';
      task.state = { kind: 'pending' };
      if (isBuiltAnew(run, task, attempt.guidance)) delete task.kept;
      if (attempt.guidance !== undefined) task.guidance = attempt.guidance;
      // What was advised for a task that waits holds until it has run, over every boundary in between.
      else if (hasFailed) delete task.guidance;
    });
  }
  for (const skip of patch.skips) {
    change(skip.key, (task) => {
      const { cause, reason } = skip;
      task.state =
        cause.kind === 'pilot'
          ? { kind: 'skipped', by, reason }
          : { kind: 'skipped', by: 'a skipped dependency', reason, on: cause.task };
    });
  }
  for (const block of patch.blocked) {
    change(block.key, (task) => {
      const isFoundation = block.cause.kind === 'foundation_unsatisfied';
      const cause: Cause = isFoundation
        ? { kind: 'foundation_unsatisfied' }
        : { kind: 'dependency_failed', task: block.on };
      task.state = { kind: 'blocked', on: block.on, cause };
    });
  }
  for (const spent of patch.spent) {
    change(spent.key, (task) => {
      task.state = { kind: 'failed', cause: spent.cause };
    });
  }
  for (const routed of patch.facts) {
    change(routed.key, (task) => {
      task.facts.push(...routed.facts.map((fact) => fact.fact));
    });
  }
}

/** Somebody says how to do it otherwise, and there is an attempt for that; else what is built is merged or repaired. */
function isBuiltAnew(run: Run, task: Task, guidance: string | undefined): boolean {
  const isNews = guidance !== undefined && guidance !== task.guidance;
  return isNews && task.attempts.length - (task.granted ?? 0) < run.policy.maxAttempts;
}

/** What was merged is delivered, also when it is not all that was planned: the gate tells the difference. */
export function finishExecuting(draft: Draft, run: Run): void {
  if (run.reads && run.tasks.some(({ state }) => state.kind === 'reported')) return endReported(draft, run);
  if (run.integration) return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
  if (run.finishing) return enter(draft, run, { kind: 'stopped', since: draft.now, by: run.finishing.by });
  enter(draft, run, { kind: 'failed', since: draft.now, cause: findEndCause(run) });
}

/** Where a limit of the whole run kept tasks from being done, the limit is told. */
function findEndCause(run: Run): Cause {
  const causes = run.tasks.flatMap(({ state }) => (state.kind === 'failed' ? [state.cause] : []));
  const capped = causes.find((cause) => cause.kind === 'budget' && runLimits.includes(cause.limit));
  return capped ?? { kind: 'tasks_failed', failed: listNeeded(run).map((task) => task.key) };
}
