import type { Run } from '../model/run.ts';
import type { Spend } from '../model/spend.ts';
import { quoteCode } from './quote-inline.ts';

const rowsAtMost = 40;

/** What the money went to, the most first, and that it adds up. Attempts that were taken back are in it as well. */
export function renderSpentOn(run: Run): string {
  const parts = Object.entries(run.spentOn ?? {}).sort(([, one], [, other]) => other.microUsd - one.microUsd);
  if (parts.length === 0) return '';
  const rows = parts.slice(0, rowsAtMost).map(([name, spend]) => renderRow(quoteCode(name), spend));
  const more = parts.length > rowsAtMost ? `\n\n${parts.length - rowsAtMost} smaller ones are not shown.` : '';
  const table = ['| part | model answers | tokens | cost |', '| --- | ---: | ---: | ---: |', ...rows];
  const sum = renderRow('**together**', run.spend);
  return `<details><summary>Cost by part</summary>\n\n${[...table, sum].join('\n')}${more}\n\n</details>`;
}

function renderRow(name: string, { requests, inputTokens, outputTokens, microUsd }: Spend): string {
  return `| ${name} | ${requests ?? '–'} | ${inputTokens + outputTokens} | $${(microUsd / 1_000_000).toFixed(4)} |`;
}
