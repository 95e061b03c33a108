import type { SubjectRecord } from '../model/record.ts';
import { renderHeadline } from './headline.ts';
import { quoteCode, quoteName } from './quote-inline.ts';
import { renderArchived } from './render-archived.ts';
import { type DayAccount, renderDay } from './render-day.ts';
import { renderInstructions } from './render-instructions.ts';
import { renderSpent } from './render-spent.ts';
import { renderTaskState } from './render-task-state.ts';

export function renderStatus(record: SubjectRecord, day: readonly DayAccount[] | 'not counted'): string {
  const { run, ignored } = record;
  if (!run) return renderArchived(record) ?? 'No run was started here yet.';
  const tasks = run.tasks.map((task) => `- ${quoteCode(task.key)}: ${renderTaskState(run, task)}`);
  const pull = run.pullRequest ? `Pull request #${run.pullRequest.number} (${run.pullRequest.state}).` : '';
  return [
    `Run ${run.id}: ${renderHeadline(run)}`,
    tasks.join('\n'),
    renderInstructions(run.instructions),
    pull,
    `Spent so far: ${renderSpent(run)}.`,
    renderDay(day),
    ignored ? `Nothing starts here, as ${quoteName(ignored.by)} asked for.` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
