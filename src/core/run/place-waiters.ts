// Whoever waits for an amendment is settled as soon as that has ended, however it did: what is merged lets them be merged,
// without building anything again; anything else blocks them. The one place where waiting ends by itself.
import type { Cause } from '../model/cause.ts';
import type { Run, Task } from '../model/run.ts';
import { type Draft, note } from './draft.ts';
import { findTask } from './task-state.ts';

export function placeWaiters(draft: Draft, run: Run): void {
  for (const task of run.tasks) {
    if (task.state.kind !== 'awaiting_amendment') continue;
    const { on, contract, contribution } = task.state;
    const amendment = findTask(run, on);
    if (amendment && isUnderWay(amendment)) continue;
    if (amendment?.state.kind === 'merged') {
      task.state = { kind: 'anchored', contribution };
      note(draft, 'amended', `${on} is merged: ${task.key} is merged now, without building it again`);
      continue;
    }
    task.state = { kind: 'merge_blocked', cause: toCause(on) };
    note(draft, 'merge_blocked', `${task.key} is not merged: ${on} did not change ${contract}`);
  }
}

/** It may still be merged: taken out with others, it is placed again. */
function isUnderWay({ state }: Task): boolean {
  return ['pending', 'running', 'anchored', 'rolled_back'].includes(state.kind);
}

function toCause(on: string): Cause {
  return { kind: 'dependency_failed', task: on };
}
