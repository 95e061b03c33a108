// Runs of every kind for the gate, from one that may be merged: what a test does not change holds.

import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { Run, RunState, Task } from '../../../src/core/model/run.ts';
import { ready } from '../run/place.ts';

/** A ready run whose gate is open. */
export function openRun(): Run {
  return structuredClone(ready().run);
}

export function withState(state: RunState): Run {
  return { ...openRun(), state };
}

export function withTask(state: Task['state']): Run {
  const run = openRun();
  const [task] = run.tasks;
  if (!task) throw new Error('a ready run has a task');
  return { ...run, tasks: [task, { ...task, key: 'b', title: 'Another', state }] };
}

/** The answer in one line. */
export function tell(run: Run): string {
  const { state, because } = evaluateGate(run);
  return `${state.kind === 'closed' ? state.conclusion : state.kind}: ${because}`;
}
