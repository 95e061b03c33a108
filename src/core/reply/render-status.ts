import type { OtherPulls } from '../gate/evaluate-observed.ts';
import type { SubjectRecord } from '../model/record.ts';
import { renderHeadline } from './headline.ts';
import { quoteCode, quoteName } from './quote-inline.ts';
import { renderArchived } from './render-archived.ts';
import { type PotAccount, renderDay } from './render-day.ts';
import { renderInstructions } from './render-instructions.ts';
import { renderOtherGates } from './render-other-gates.ts';
import { renderSpent } from './render-spent.ts';
import { renderTaskState } from './render-task-state.ts';

/** `otherPulls` is undefined where the settings could not be read. */
export function renderStatus(
  record: SubjectRecord,
  day: readonly PotAccount[] | 'not counted',
  otherPulls?: OtherPulls,
): string {
  const { run, ignored } = record;
  const others = renderOtherGates(record, otherPulls);
  const leftAlone = ignored ? `Nothing starts here, as ${quoteName(ignored.by)} asked for.` : '';
  if (!run) return join([join([renderArchived(record) ?? '', others]) || 'No run was started here yet.', leftAlone]);
  const tasks = run.tasks.map((task) => `- ${quoteCode(task.key)}: ${renderTaskState(run, task)}`);
  const pull = run.pullRequest ? `Pull request #${run.pullRequest.number} (${run.pullRequest.state}).` : '';
  return join([
    `Run ${run.id}: ${renderHeadline(run)}`,
    tasks.join('\n'),
    renderInstructions(run.instructions),
    pull,
    others,
    `Spent so far: ${renderSpent(run)}.`,
    renderDay(day),
    leftAlone,
  ]);
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
