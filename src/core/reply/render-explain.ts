// Why something is not done yet, or why it went as it did: the newest boundary, one task, the gate, or what was delivered.
import { evaluateGate } from '../gate/evaluate-gate.ts';
import type { OtherPulls } from '../gate/evaluate-observed.ts';
import type { SubjectRecord } from '../model/record.ts';
import type { Run, Task } from '../model/run.ts';
import { renderHeadline } from './headline.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderArchived } from './render-archived.ts';
import { renderBoundary } from './render-boundaries.ts';
import { renderDeliveries, renderUnknownDelivery } from './render-deliveries.ts';
import { renderFailedAttempt } from './render-failed-attempt.ts';
import { renderGrade } from './render-grade.ts';
import { renderInstructions } from './render-instructions.ts';
import { renderOtherGates } from './render-other-gates.ts';
import { renderQuestions } from './render-questions.ts';
import { renderTakeover } from './render-takeover.ts';
import { renderTaskState } from './render-task-state.ts';
import { renderVerdict } from './render-verdict.ts';

const noRun = 'No run was started here yet.';
const noVerdict = 'There is no pull request yet, so the gate has no verdict.';

export type Explained = { readonly isKnown: boolean; readonly text: string };

/**
 * `about` is as it was written, in lower case: a task of the run, `gate`, `delivery`, the id of a delivery or comment, or
 * nothing for the run as a whole. `otherPulls` is undefined where the settings could not be read.
 */
export function renderExplain(record: SubjectRecord, about: string | undefined, otherPulls?: OtherPulls): Explained {
  const { run } = record;
  const task = run?.tasks.find(({ key }) => key.toLowerCase() === about);
  const isOfRun = about === undefined || about === 'gate' || task !== undefined;
  const deliveries = isOfRun ? undefined : renderDeliveries(record, about);
  if (deliveries !== undefined) return { isKnown: true, text: deliveries };
  if (!run && !isOfRun) return { isKnown: false, text: renderUnknownDelivery(about) };
  const others = renderOtherGates(record, otherPulls);
  if (!run) return { isKnown: true, text: join([renderArchived(record) ?? '', others]) || noRun };
  if (about === undefined)
    return {
      isKnown: true,
      text: join([renderHead(run), renderNewest(run), renderInstructions(run.instructions), renderGate(run, others)]),
    };
  if (task) return { isKnown: true, text: join([renderHead(run), ...renderTask(run, task)]) };
  if (about === 'gate') return { isKnown: true, text: join([renderHead(run), renderGate(run, others)]) };
  const known = run.tasks.map(({ key }) => quoteCode(key)).join(', ') || 'none yet';
  return {
    isKnown: false,
    text: `${quoteCode(about)} is no task of run ${run.id}, which has ${known}, and no delivery that is remembered; there are \`gate\` and \`delivery\`.`,
  };
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

function renderHead(run: Run): string {
  return `Run ${run.id}: ${renderHeadline(run)}`;
}

function renderNewest(run: Run): string {
  const newest = run.boundaries.at(-1);
  if (newest) return renderBoundary(newest);
  return 'No batch has ended with a failure, so nothing had to be decided between batches and the gate pilot was not asked.';
}

function renderGate(run: Run, others: string): string {
  const own = run.pullRequest ? [renderVerdict(evaluateGate(run))] : [];
  return [...own, others].filter((part) => part !== '').join('\n') || noVerdict;
}

function renderTask(run: Run, task: Task): string[] {
  const failed = task.attempts.flatMap((attempt) => {
    const failure = renderFailedAttempt(attempt);
    return failure === undefined ? [] : [`- attempt ${attempt.number}: ${failure}`];
  });
  const newest = run.boundaries.findLast((boundary) => isAbout(boundary.lines, boundary, task.key));
  return [
    `${quoteCode(task.key)}: ${renderTaskState(run, task)}${renderGrade(run, task)}`,
    failed.join('\n'),
    task.attempts
      .flatMap(({ number, takeovers = [] }) => takeovers.map((one) => `- attempt ${number}: ${renderTakeover(one)}`))
      .join('\n'),
    renderInstructions(run.instructions?.filter(({ task: only }) => only === undefined || only === task.key)),
    renderQuestions({ ...run, questions: run.questions?.filter((question) => question.task === task.key) }),
    [
      ...(task.guidance ? [`- guidance for its newest attempt: ${quoteInline(task.guidance, 500)}`] : []),
      ...task.facts.map((fact) => `- it was told: ${quoteInline(fact, 500)}`),
    ].join('\n'),
    newest ? renderBoundary(newest) : 'No decision between batches was about it.',
  ];
}

function isAbout(
  lines: readonly string[],
  { failed, rolledBack }: { failed: readonly string[]; rolledBack: readonly string[] },
  key: string,
): boolean {
  return [...failed, ...rolledBack].includes(key) || lines.some((line) => line.includes(quoteCode(key)));
}
