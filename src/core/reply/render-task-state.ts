import type { Task } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderCause } from './render-cause.ts';

/** `isOver`: the run has ended, and nothing waits any more. */
export function renderTaskState(task: Task, isOver: boolean): string {
  const { state } = task;
  const attempts = task.attempts.length > 1 ? `, ${task.attempts.length} attempts` : '';
  switch (state.kind) {
    case 'pending':
      if (isOver) return 'not done';
      return task.attempts.length > 0 ? `waiting to try again after ${task.attempts.length}` : 'waiting';
    case 'running':
      return `working (attempt ${task.attempts.length})`;
    case 'anchored':
      return `done${attempts}, not merged yet`;
    case 'merged':
      return `**merged**${attempts}`;
    case 'failed':
      return `**failed**${attempts}: ${renderCause(state.cause)}`;
    case 'rolled_back':
      return `rolled back: ${renderCause(state.cause)}`;
    case 'skipped':
      return `skipped by ${quoteInline(state.by)}: ${quoteInline(state.reason)}`;
    case 'blocked':
      return `blocked by ${quoteCode(state.on)}`;
    case 'conflicted':
      return `contradicts ${quoteCode(state.with)}: ${quoteInline(state.why)}`;
  }
}
