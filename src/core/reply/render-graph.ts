// The plan as a picture. Names of nodes are numbers, and what they are called is reduced to what cannot be Mermaid or
// Markdown, so that nothing a model wrote becomes syntax.
import type { Run, Task } from '../model/run.ts';

const titleChars = 40;

export function renderGraph(run: Run): string {
  const nameOf = new Map(run.tasks.map((task, index) => [task.key, `t${index}`]));
  const batches = [...run.behind, ...run.ahead];
  const lastBatch = (task: Task) => batches.findLastIndex((batch) => batch.includes(task.key));
  const node = (task: Task) => `${nameOf.get(task.key)}["${toLabel(task)}"]`;
  const inBatch = batches.flatMap((_, index) => {
    const nodes = run.tasks.filter((task) => lastBatch(task) === index).map((task) => `    ${node(task)}`);
    return nodes.length === 0 ? [] : [`  subgraph batch ${index + 1}`, ...nodes, '  end'];
  });
  const outside = run.tasks.filter((task) => lastBatch(task) < 0).map((task) => `  ${node(task)}`);
  const edges = run.tasks.flatMap((task) =>
    task.dependsOn.flatMap((key) => toEdge(nameOf.get(key), '-->', nameOf.get(task.key))),
  );
  const relations = (run.plan?.relations ?? []).flatMap(({ a, b, kind }) =>
    toEdge(nameOf.get(a), kind === 'contradictory' ? 'x--x' : '-.-', nameOf.get(b)),
  );
  return [
    '<details><summary>Graph</summary>',
    '',
    '```mermaid',
    'graph LR',
    ...inBatch,
    ...outside,
    ...edges,
    ...relations,
    '```',
    '',
    '</details>',
  ].join('\n');
}

/** Letters, digits and spaces: nothing else of what a model wrote is worth an escape that a renderer may read otherwise. */
function toLabel({ key, title }: Task): string {
  const words = title
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .slice(0, titleChars)
    .toWellFormed();
  const name = key.replace(/[^\w-]/g, '');
  return words === '' ? name : `${name}: ${words}`;
}

function toEdge(from: string | undefined, arrow: string, to: string | undefined): string[] {
  return from && to ? [`  ${from} ${arrow} ${to}`] : [];
}
