import type { Run, Task } from '../model/run.ts';
import { findOpenQuestion } from '../question/list-questions.ts';
import { isOver } from './is-over.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { toPlanId } from './render-awaiting.ts';
import { renderCause } from './render-cause.ts';
import { renderRemedy } from './render-remedy.ts';

/** Where a task stands; once its run has ended and nothing waits any more, also what people can do about it. */
export function renderTaskState(run: Run, task: Task): string {
  const { state } = task;
  const attempts = task.attempts.length > 1 ? `, ${task.attempts.length} attempts` : '';
  const question = findOpenQuestion(run, task.key);
  switch (state.kind) {
    case 'pending':
      if (isOver(run)) return 'not done';
      if (question) return `waiting for an answer to ${quoteCode(question.id)}`;
      return task.attempts.length > 0 ? `waiting to try again after ${task.attempts.length}` : 'waiting';
    case 'running':
      return `working (attempt ${task.attempts.length})`;
    case 'anchored':
      return `done${attempts}, not merged yet`;
    case 'merged':
      return `**merged**${attempts}`;
    case 'reported':
      return `**reported**${attempts}`;
    case 'failed':
      return `**failed**${attempts}: ${renderCause(state.cause)}${isOver(run) ? ` ${renderRemedy(state.cause, run.policy.slash)}` : ''}`;
    case 'rolled_back':
      return `rolled back: ${renderCause(state.cause)}`;
    case 'skipped':
      return `skipped by ${quoteInline(state.by)}: ${quoteInline(state.reason)}`;
    case 'blocked':
      return `blocked by ${quoteCode(state.on)}`;
    case 'awaiting_amendment':
      return `built, and waits until ${quoteCode(state.on)} has changed ${listAmended(run, state)}`;
    case 'merge_blocked':
      return `**not merged**${attempts}: ${renderCause(state.cause)}${isOver(run) ? ` ${renderRemedy(state.cause, run.policy.slash)}` : ''}`;
    case 'replaced':
      return `not done: replaced when plan \`${toPlanId(state.plan)}\` was given up`;
    case 'conflicted':
      return `contradicts ${quoteCode(state.with)}: ${quoteInline(state.why)}`;
  }
}

function listAmended({ tasks }: Run, { on, contract }: Extract<Task['state'], { kind: 'awaiting_amendment' }>): string {
  const paths = tasks.find(({ key }) => key === on)?.ownedPaths ?? [contract];
  return paths.map((path) => quoteCode(path)).join(', ');
}
