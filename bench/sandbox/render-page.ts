import { renderFigures } from './render-figures.ts';
import type { BenchOutcome } from './run-bench.ts';

/** The page of docs/sandbox-benchmark.md. */
export function renderPage(outcome: BenchOutcome): string {
  return `# What sandboxes cost, measured

\`npm run bench -- sandbox\` starts the same programs in every sandbox that runs on a machine and without one, and prints the
times as ratios to those without; \`--write-docs\` writes this page. The figures are medians of ${outcome.rounds} rounds of a worker that is
${outcome.isRoot ? 'root' : 'an ordinary user'}, on the machine of whoever wrote the page last: compare the rows, and measure your own. No test depends on them.

- **start** is a whole process tree, from \`spawn\` until nothing of it is left: each command of an agent's sandbox pays it once,
  each command that the agent itself starts inside pays nothing of it.
- **compute** is one loop in Node, **200 processes** is a shell that starts one program after the other, **2000 files** writes, reads
  and removes them in the workspace.
- **make and give back** is \`create\` and \`dispose\`; **stop** is \`kill\`, until every process of a running tree is gone.

${renderFigures(outcome)}
`;
}
