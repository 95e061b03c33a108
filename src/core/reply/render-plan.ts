import type { Run, Task } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderTaskState } from './render-task-state.ts';

/** The plan as people read it: what is done in which batch, by whom it is waited for, and which paths it may touch. */
export function renderPlan(run: Run): string {
  if (run.tasks.length === 0) return '';
  const rows = run.tasks.map(
    (task) =>
      `| ${batchOf(run, task)} | ${quoteCode(task.key)} | ${quoteInline(task.title, 120)} | ${renderDependencies(task)} | ${renderPaths(task)} | ${renderTaskState(run, task)} |`,
  );
  const table = ['| batch | task | what | after | may change | state |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
  const fallback = run.plan?.fallback
    ? `\n\n> The model's plan was not used: ${quoteInline(run.plan.fallback, 400)}`
    : '';
  const adjustments = (run.plan?.adjustments ?? []).map((line) => `\n> ${line}`).join('');
  return `${table}${fallback}${adjustments === '' ? '' : `\n${adjustments}`}\n\n${renderAcceptance(run)}\n\n${renderGraph(run)}`;
}

function batchOf(run: Run, task: Task): string {
  const index = [...run.behind, ...run.ahead].findLastIndex((batch) => batch.includes(task.key));
  return index < 0 ? '–' : String(index + 1);
}

function renderDependencies(task: Task): string {
  return task.dependsOn.map((key) => quoteCode(key)).join(', ') || '–';
}

function renderPaths(task: Task): string {
  return (
    task.ownedPaths
      .slice(0, 4)
      .map((path) => quoteCode(path, 60))
      .join(', ') || 'anything'
  );
}

function renderAcceptance(run: Run): string {
  const items = run.tasks.flatMap((task) =>
    task.acceptance.map((item) => `- ${quoteCode(task.key)} ${item.level}: ${quoteInline(item.text, 200)}`),
  );
  return items.length === 0
    ? ''
    : `<details><summary>Acceptance (${items.length})</summary>\n\n${items.join('\n')}\n\n</details>`;
}

/** Node names are numbers, so that nothing a model wrote can become Mermaid syntax. */
function renderGraph(run: Run): string {
  const nameOf = new Map(run.tasks.map((task, index) => [task.key, `t${index}`]));
  const nodes = run.tasks.map((task, index) => `  t${index}["${task.key.replace(/[^\w-]/g, '')}"]`);
  const edges = run.tasks.flatMap((task) =>
    task.dependsOn.flatMap((key) => toEdge(nameOf.get(key), nameOf.get(task.key))),
  );
  return [
    '<details><summary>Graph</summary>',
    '',
    '```mermaid',
    'graph LR',
    ...nodes,
    ...edges,
    '```',
    '',
    '</details>',
  ].join('\n');
}

function toEdge(from: string | undefined, to: string | undefined): string[] {
  return from && to ? [`  ${from} --> ${to}`] : [];
}
