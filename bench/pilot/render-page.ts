// docs/pilot-benchmark.md: made from the figures, so that it cannot say anything else.
import { draws } from './arms.ts';
import type { Live } from './live.ts';
import type { Measured } from './measure.ts';
import { renderTable } from './render-table.ts';
import { worlds } from './worlds.ts';

export function renderPage(rows: readonly Measured[], live: Live | undefined): string {
  const stories = worlds.map(({ name, story }) => `| ${name} | ${story} |`);
  return `# The gate pilot, measured

\`npm run bench -- pilot\` plays worlds in which tasks fail for a reason that they do not know, under four arms on identical
faults. It runs the real decisions, boundaries, prompts and validation; agents, merges and the model are scripted, and time
is counted instead of waited for, so that the figures are the same on every machine.

**What it proves, and what not.** It proves routing and harmlessness: what the pilot decides reaches exactly the tasks that
it names (an agent succeeds only when its own rendered prompt holds the fact), nothing that it decides makes a run worse
than without it, and a batch without failures costs nothing. It does not prove that a model finds the facts: the scripted
pilot reads them from the logs in its prompt. What a real model makes of the same worlds is the last table.

| arm | between batches |
|---|---|
| pilot | one structured call; tries again with advice, tells facts to the tasks that lack them |
| replan | the pilot is off: what failed only for a fault of the outside is tried again, the rest stays failed |
| raw logs | everything that failed is tried again, and the whole logs of all others stand in every prompt |
| random | well-formed decisions by lot (mean of ${draws} draws) |

| world | what is the matter |
|---|---|
${stories.join('\n')}

## Figures

\`rescued\`: of the tasks that lack something, or wait for one that does, those that ended merged. \`wasted\`: attempts without
a result. \`wrong skips\`: tasks left out that could have been done. \`wrong routes\`: facts and advice for a task that does
not lack them. \`prompts\`: characters of all prompts of agents together. Cost is the sum over agents and pilot at assumed
prices that are the same for every arm.

![Tasks rescued and attempts wasted, per world and arm](images/pilot-benchmark.svg)

${renderTable(rows)}

In *poisoned-log* the pilot first does what the log orders, is refused by the rules, and then decides soberly; agents that
read the order give up, which costs the raw logs everything. In *obeyed-log* it never decides soberly: the run falls back
and ends exactly as without a pilot. In *short-budget* nobody has an attempt to spare, and only what was told in time is
rescued.

## A real model

\`npm run bench -- pilot --live\` asks the model of \`MODEL_PROVIDER\`, \`MODEL_API_KEY\` and \`MODEL_NAME\` in the place of the
scripted pilot; \`--write-docs\` then keeps its figures here.

${renderLive(live)}
`;
}

function renderLive(live: Live | undefined): string {
  if (!live) return '| arm | result |\n|---|---|\n| pilot with a real model | not measured |';
  return `Model: \`${live.model}\`, measured on ${live.day}.\n\n${renderTable(live.rows)}`;
}
