import type { Run } from '../model/run.ts';
import { type Spend, tokensOf } from '../model/spend.ts';
import { quoteCode } from './quote-inline.ts';
import { renderCost } from './render-money.ts';

const rowsAtMost = 40;

/** What the money went to, the most first, and that it adds up. Attempts that were taken back are in it as well. */
export function renderSpentOn(run: Run): string {
  const parts = Object.entries(run.spentOn ?? {}).sort(
    ([, one], [, other]) => other.microUsd - one.microUsd || tokensOf(other) - tokensOf(one),
  );
  if (parts.length === 0) return '';
  const rows = parts.slice(0, rowsAtMost).map(([name, spend]) => renderRow(quoteCode(name), spend));
  const more = parts.length > rowsAtMost ? `\n\n${parts.length - rowsAtMost} smaller ones are not shown.` : '';
  const table = ['| part | model answers | tokens | cost |', '| --- | ---: | ---: | ---: |', ...rows];
  const sum = renderRow('**together**', run.spend);
  return `<details><summary>Cost by part</summary>\n\n${[...table, sum].join('\n')}${more}\n\n</details>`;
}

function renderRow(name: string, spend: Spend): string {
  return `| ${name} | ${spend.requests ?? '–'} | ${tokensOf(spend)} | ${renderCost(spend)} |`;
}
