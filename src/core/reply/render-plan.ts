import type { Run, Task } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { listAnsweredInstead } from './render-chain-use.ts';
import { renderGraph } from './render-graph.ts';
import { renderTaskState } from './render-task-state.ts';

const none = '–';

interface Column {
  readonly name: string;
  render(run: Run, task: Task): string;
  /** A column in which nothing is shown for any task is left out: eight are more than a comment is wide. */
  isShown?(cell: string): boolean;
}

const allColumns: readonly Column[] = [
  { name: 'batch', render: batchOf },
  { name: 'task', render: (_, { key }) => quoteCode(key) },
  { name: 'what', render: (_, { title }) => quoteInline(title, 120) },
  { name: 'after', render: (_, task) => renderDependencies(task), isShown: (cell) => cell !== none },
  { name: 'relations', render: renderRelations, isShown: (cell) => cell !== none },
  { name: 'may change', render: (run, task) => (run.reads ? 'nothing' : renderPaths(task)) },
  { name: 'acceptance', render: (_, task) => renderDemands(task), isShown: (cell) => cell !== none },
  { name: 'state', render: renderTaskState },
];

/**
 * The plan as people read it: what is done in which batch, by whom it is waited for, which paths it may touch, and by what
 * it is accepted.
 */
export function renderPlan(run: Run): string {
  if (run.tasks.length === 0) return '';
  const columns = allColumns.filter(({ render, isShown = () => true }) =>
    run.tasks.some((task) => isShown(render(run, task))),
  );
  const toRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [
    toRow(columns.map(({ name }) => name)),
    `|${'---|'.repeat(columns.length)}`,
    ...run.tasks.map((task) => toRow(columns.map(({ render }) => render(run, task)))),
  ].join('\n');
  const fallback = run.plan?.fallback
    ? `\n\n> The model's plan was not used: ${quoteInline(run.plan.fallback, 400)}`
    : '';
  const { adjustments: changes = [], model } = run.plan ?? {};
  const adjustments = [...changes, ...listAnsweredInstead([model])].map((line) => `\n> ${line}`).join('');
  return `${table}${fallback}${adjustments === '' ? '' : `\n${adjustments}`}\n\n${renderGraph(run)}`;
}

function batchOf(run: Run, task: Task): string {
  const index = [...run.behind, ...run.ahead].findLastIndex((batch) => batch.includes(task.key));
  return index < 0 ? none : String(index + 1);
}

function renderDependencies(task: Task): string {
  return task.dependsOn.map((key) => quoteCode(key)).join(', ') || none;
}

const relationNames = {
  additive: 'adds to the same place as',
  uncertain: 'perhaps meets',
  contradictory: 'contradicts',
} as const;

function renderRelations({ plan }: Run, { key }: Task): string {
  const own = (plan?.relations ?? []).filter(({ a, b }) => a === key || b === key);
  return own.map(({ a, b, kind }) => `${relationNames[kind]} ${quoteCode(a === key ? b : a)}`).join(', ') || none;
}

function renderPaths(task: Task): string {
  return (
    task.ownedPaths
      .slice(0, 4)
      .map((path) => quoteCode(path, 60))
      .join(', ') || 'anything'
  );
}

const demandsShown = 2;

/** What a task fails without, in short: every item stands below in full. */
function renderDemands({ acceptance }: Task): string {
  const demands = acceptance.filter(({ level }) => level === 'must');
  const shown = demands.slice(0, demandsShown).map(({ text }) => quoteInline(text, 60));
  const rest = demands.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(' · ') || none;
}
