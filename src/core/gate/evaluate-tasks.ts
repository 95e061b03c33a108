import { listNeeded, type Run, type Task } from '../model/run.ts';
import { quoteCode, quoteInline } from '../reply/quote-inline.ts';
import { all, closed, open, type Verdict, waiting } from './verdict.ts';

/** Whether everything that was planned is in the branch. A part of the plan alone is shown, and not merged unasked. */
export function evaluateTasks(run: Run): Verdict {
  if (run.tasks.length === 0) return waiting('tasks', 'There is no plan yet.');
  const needed = listNeeded(run);
  const parts = needed.map(evaluateTask);
  const merged = needed.filter((task) => task.state.kind === 'merged').length;
  const verdict = all('tasks', parts, `All ${merged} tasks are merged into the branch.`);
  if (verdict.state.kind !== 'closed') return verdict;
  return { ...verdict, because: `${merged} of ${needed.length} tasks are merged; ${verdict.because}` };
}

function evaluateTask(task: Task): Verdict {
  const { state } = task;
  const key = quoteCode(task.key);
  switch (state.kind) {
    case 'merged':
      return open(task.key, `${key} is merged.`);
    case 'pending':
    case 'running':
    case 'anchored':
    case 'awaiting_amendment':
      return waiting(task.key, `${key} is not finished.`);
    case 'failed':
      return state.cause.kind === 'budget'
        ? closed(task.key, 'action_required', `${key} was not done: the limit "${state.cause.limit}" was reached.`)
        : closed(task.key, 'failure', `${key} failed.`);
    case 'reported':
      return closed(task.key, 'action_required', `${key} only read.`);
    case 'rolled_back':
    case 'merge_blocked':
      return closed(task.key, 'failure', `${key} failed.`);
    case 'skipped':
      return closed(task.key, 'failure', `${key} was skipped: ${quoteInline(state.reason)}`);
    case 'blocked':
      return closed(task.key, 'failure', `${key} is blocked by ${quoteCode(state.on)}.`);
    case 'replaced':
      // Reached only while no newer plan says what is done instead.
      return closed(task.key, 'failure', `${key} was given up with its plan, and there is no newer one.`);
    case 'conflicted':
      return closed(
        task.key,
        'action_required',
        `${key} contradicts ${quoteCode(state.with)}: ${quoteInline(state.why)}`,
      );
  }
}
