import type { Run, RunState } from '../model/run.ts';
import { findOpenQuestion } from '../question/list-questions.ts';
import { type Draft, enter, listWork } from './draft.ts';
import { endHold } from './hold.ts';
import { isOver, tasksOf } from './task-state.ts';

/** Whatever is left of the batch waits for people. */
function isOnlyWaiting(run: Run): boolean {
  const open = tasksOf(run, run.ahead[0] ?? []).filter((task) => !isOver(task));
  return open.length > 0 && open.every(({ key }) => findOpenQuestion(run, key) !== undefined);
}

/** Holds the run when nothing of it works any more and nothing else may start. */
export function awaitAnswers(draft: Draft, run: Run): void {
  if (!isOnlyWaiting(run) || listWork(draft).length > 0) return;
  enter(draft, run, { kind: 'needs_input', since: draft.now, back: { kind: 'executing', phase: 'attempting' } });
}

/** Somebody answered, nobody did in time, or a task was left out: it goes on with what may start now. */
export function decideNeedsInput(draft: Draft, run: Run, state: Extract<RunState, { kind: 'needs_input' }>): void {
  if (!isOnlyWaiting(run)) endHold(draft, run, state);
}
