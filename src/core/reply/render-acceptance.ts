import type { AcceptanceResult } from '../model/acceptance.ts';
import type { Run } from '../model/run.ts';
import { addSpend, nothingSpent } from '../model/spend.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderMoney } from './render-money.ts';

/** What was found of each acceptance item of the newest attempts, with what shows it, and what finding it out cost. */
export function renderAcceptance(run: Run): string {
  const lines = run.tasks.flatMap(({ key, attempts }) =>
    (attempts.at(-1)?.acceptance ?? []).map((result) => renderResult(key, result)),
  );
  if (lines.length === 0) return '';
  const spend = run.acceptances.reduce((sum, review) => addSpend(sum, review.spend), nothingSpent);
  const seconds = run.acceptances.reduce((sum, review) => sum + review.seconds, 0);
  const count = run.acceptances.length;
  const cost = `${count} ${count === 1 ? 'review' : 'reviews'} (${seconds.toFixed(1)} s, ${renderMoney(spend)})`;
  return `### Acceptance\n\n${lines.join('\n')}\n\n<sub>${cost}; evidence is run or read by Gatepilot itself</sub>`;
}

const verdicts = { met: '**met**', failed: '**not met**', missing: '**not shown**' } as const;

function renderResult(key: string, { text, level, status, evidence }: AcceptanceResult): string {
  const noted = level === 'should' && status !== 'met' ? ' (only noted)' : '';
  return `- ${verdicts[status]}${noted} · ${quoteCode(key)} ${quoteInline(text, 300)}: ${quoteInline(evidence, 300)}`;
}
