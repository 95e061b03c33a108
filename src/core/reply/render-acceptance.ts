import type { AcceptanceResult } from '../model/acceptance.ts';
import type { Run, Task } from '../model/run.ts';
import { addSpend, nothingSpent } from '../model/spend.ts';
import { cutOnStructure } from '../sanitise/cut-on-structure.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { listAnsweredInstead } from './render-chain-use.ts';
import { renderMoney } from './render-money.ts';

/** What was found of the newest attempt of each task: how much is met, what is not and why, and what finding it out cost. */
export function renderAcceptance(run: Run): string {
  const lines = run.tasks.flatMap((task) => renderTask(task));
  if (lines.length === 0) return '';
  const spend = run.acceptances.reduce((sum, review) => addSpend(sum, review.spend), nothingSpent);
  const seconds = run.acceptances.reduce((sum, review) => sum + review.seconds, 0);
  const count = run.acceptances.length;
  const cost = `${count} ${count === 1 ? 'review' : 'reviews'} (${seconds.toFixed(1)} s, ${renderMoney(spend)})`;
  const answered = listAnsweredInstead(run.acceptances.map(({ model }) => model)).map((line) => `- ${line}`);
  return `### Acceptance\n\n${[...lines, ...answered].join('\n')}\n\n<sub>${cost}; evidence is run or read by Gatepilot itself</sub>`;
}

function renderTask(task: Task): string[] {
  const results = resultsOf(task);
  if (results.length === 0) return [];
  const unmet = results.filter(({ status }) => status !== 'met');
  return [
    `- ${quoteCode(task.key)}: ${results.length - unmet.length} of ${results.length} met`,
    ...unmet.map((result) => `  - ${renderResult(result)}`),
  ];
}

/** A long plan has more items than there is room for; all of them are in its artifact. */
const itemsChars = 10_000;

/** Every item, ticked where something was looked at that shows it: stands last, so that it takes the room of nothing else. */
export function renderItems(run: Run): string {
  const lines = run.tasks.flatMap((task) => {
    const results = resultsOf(task);
    return task.acceptance.map((item) => {
      const result = results.find(({ id }) => id === item.id);
      const told = result ? renderResult(result) : `${item.level}: ${quoteInline(item.text, 200)}`;
      const log = result?.log === undefined ? '' : `; its output is artifact ${quoteCode(result.log)}`;
      return `- [${result?.status === 'met' ? 'x' : ' '}] ${quoteCode(task.key)} ${told}${log}`;
    });
  });
  if (lines.length === 0) return '';
  const items = cutOnStructure(lines.join('\n'), itemsChars);
  return `<details><summary>Acceptance items (${lines.length})</summary>\n\n${items}\n\n</details>`;
}

function resultsOf({ attempts }: Task): readonly AcceptanceResult[] {
  return attempts.at(-1)?.acceptance ?? [];
}

const verdicts = { met: '**met**', failed: '**not met**', missing: '**not shown**' } as const;

function renderResult({ text, level, status, evidence }: AcceptanceResult): string {
  const noted = level === 'should' && status !== 'met' ? ' (only noted)' : '';
  return `${verdicts[status]}${noted} · ${quoteInline(text, 300)}: ${quoteInline(evidence, 300)}`;
}
