import type { Run, Task } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderGraph } from './render-graph.ts';
import { renderTaskState } from './render-task-state.ts';

/** The plan as people read it: what is done in which batch, by whom it is waited for, and which paths it may touch. */
export function renderPlan(run: Run): string {
  if (run.tasks.length === 0) return '';
  const rows = run.tasks.map(
    (task) =>
      `| ${batchOf(run, task)} | ${quoteCode(task.key)} | ${quoteInline(task.title, 120)} | ${renderDependencies(task)} | ${renderRelations(run, task)} | ${run.reads ? 'nothing' : renderPaths(task)} | ${renderTaskState(run, task)} |`,
  );
  const table = [
    '| batch | task | what | after | relations | may change | state |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  const fallback = run.plan?.fallback
    ? `\n\n> The model's plan was not used: ${quoteInline(run.plan.fallback, 400)}`
    : '';
  const adjustments = (run.plan?.adjustments ?? []).map((line) => `\n> ${line}`).join('');
  return `${table}${fallback}${adjustments === '' ? '' : `\n${adjustments}`}\n\n${renderGraph(run)}`;
}

function batchOf(run: Run, task: Task): string {
  const index = [...run.behind, ...run.ahead].findLastIndex((batch) => batch.includes(task.key));
  return index < 0 ? '–' : String(index + 1);
}

function renderDependencies(task: Task): string {
  return task.dependsOn.map((key) => quoteCode(key)).join(', ') || '–';
}

const relationNames = {
  additive: 'adds to the same place as',
  uncertain: 'perhaps meets',
  contradictory: 'contradicts',
} as const;

function renderRelations({ plan }: Run, { key }: Task): string {
  const own = (plan?.relations ?? []).filter(({ a, b }) => a === key || b === key);
  return own.map(({ a, b, kind }) => `${relationNames[kind]} ${quoteCode(a === key ? b : a)}`).join(', ') || '–';
}

function renderPaths(task: Task): string {
  return (
    task.ownedPaths
      .slice(0, 4)
      .map((path) => quoteCode(path, 60))
      .join(', ') || 'anything'
  );
}
