import type { Attempt, Run, Task } from '../model/run.ts';
import type { StepReport } from '../model/step-report.ts';
import { quoteCode } from './quote-inline.ts';
import { renderInstead } from './render-chain-use.ts';

/** What was done by whom, in order, in the newest attempt of each task that built, and in the repair of that if it is newer. */
export function renderSteps(run: Run): string {
  const lines = run.tasks.flatMap((task) => {
    const told = task.attempts.filter(({ steps = [] }) => steps.length > 0);
    return told.slice(told.findLastIndex(({ repair }) => !repair)).map((attempt) => renderAttempt(task, attempt));
  });
  if (lines.length === 0) return '';
  return `<details><summary>Steps</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function renderAttempt(task: Task, { number, workflow, repair, steps = [] }: Attempt): string {
  const how = repair ? 'repair of a conflict' : quoteCode(workflow ?? '');
  const missing = [...new Set(steps.flatMap(({ skills }) => skills?.missing ?? []))];
  const lacking = missing.length === 0 ? '' : ` · without ${missing.map((name) => quoteCode(name)).join(', ')}`;
  return `- ${quoteCode(task.key)}, attempt ${number}, ${how}: ${steps.map(renderStep).join(' → ')}${lacking}`;
}

function renderStep({ id, role, state, seconds, driver, model }: StepReport): string {
  const [agent, other] = [renderInstead(driver), renderInstead(model)];
  const by = agent === undefined ? '' : ` by ${agent}`;
  const using = other === undefined ? '' : ` with the model ${other}`;
  const who = role === undefined ? 'verify commands' : `${quoteCode(role)}${by}${using}`;
  return `${quoteCode(id)} (${who}, ${state === 'done' ? '' : '**failed**, '}${Math.round(seconds)} s)`;
}
