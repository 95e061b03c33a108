// What the planner is told, and what its plan is measured by, where a plan before it was carried out in part.
import type { Run, Task, TaskState } from '../model/run.ts';
import type { PlanBefore } from '../prompt/render-plan-prompt.ts';
import { renderCause } from '../reply/render-cause.ts';
import { renderTaskState } from '../reply/render-task-state.ts';

/** Undefined where there was none. */
export function toPlanBefore(run: Run): PlanBefore | undefined {
  const { tasks, replans = [] } = run;
  if (tasks.length === 0) return undefined;
  const merged = tasks.flatMap(({ key, title, contracts, state }) =>
    isDone(state) ? [{ key, title, contracts, paths: state.contribution.paths }] : [],
  );
  const replaced = tasks
    .filter(({ state }) => state.kind === 'replaced')
    .map((task) => ({ key: task.key, title: task.title, outcome: tellWhyNot(task) }));
  const excluded = tasks
    .filter(({ state }) => !isDone(state) && state.kind !== 'replaced')
    .map((task) => ({ key: task.key, title: task.title, outcome: renderTaskState(run, task) }));
  const reason = replans.findLast(({ why }) => why === 'pilot')?.reason ?? '';
  return { reason, merged, replaced, excluded };
}

function tellWhyNot({ attempts }: Task): string {
  const cause = attempts.findLast((attempt) => attempt.cause)?.cause;
  return cause ? renderCause(cause) : 'not started';
}

/** It is merged, or was, before people pushed over the branch, and is merged anew before anything else. */
function isDone(state: TaskState): state is Extract<TaskState, { kind: 'merged' | 'anchored' }> {
  return state.kind === 'merged' || state.kind === 'anchored';
}

interface Earlier {
  /** Keys of tasks that are done. */
  readonly done: ReadonlySet<string>;
  /** Every key that was given out. */
  readonly taken: ReadonlySet<string>;
  /** What the tasks that are done declared as what others rely on. */
  readonly contracts: readonly string[];
}

export function toEarlier({ tasks }: Run): Earlier {
  const done = tasks.filter(({ state }) => isDone(state));
  return {
    done: new Set(done.map(({ key }) => key)),
    taken: new Set(tasks.map(({ key }) => key)),
    contracts: done.flatMap(({ contracts }) => contracts),
  };
}
