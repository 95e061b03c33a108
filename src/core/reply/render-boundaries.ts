import type { BoundaryRecord, Run } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { listAnsweredInstead } from './render-chain-use.ts';
import { renderMoney } from './render-money.ts';

/** What was decided between batches, by whom, and what it cost. Batches without a failure have nothing to say. */
export function renderBoundaries(run: Run): string {
  const told = run.boundaries.filter((boundary) => boundary.failed.length + boundary.rolledBack.length > 0);
  if (told.length === 0) return '';
  return ['### Gate pilot', ...told.map(renderBoundary)].join('\n\n');
}

/** One boundary with everything that its record knows: who failed and why, what was decided, at which cost. */
export function renderBoundary(boundary: BoundaryRecord): string {
  const keys = [...boundary.failed, ...boundary.rolledBack].map((key) => quoteCode(key)).join(', ');
  return [
    `**After batch ${boundary.batch + 1}** (not successful: ${keys}): ${renderSource(boundary)}`,
    ...(boundary.failures ?? []).map(renderFailure),
    ...[...boundary.lines, ...listAnsweredInstead([boundary.model])].map((line) => `- ${line}`),
    ...(boundary.exchange === undefined
      ? []
      : [`- full record (prompt, replies, decision): artifact ${quoteCode(boundary.exchange)}`]),
  ].join('\n');
}

function renderFailure({ key, cause, analysis }: NonNullable<BoundaryRecord['failures']>[number]): string {
  const thought = analysis
    ? ` The pilot sees ${quoteInline(analysis.cause.replaceAll('_', ' '))}: ${quoteInline(analysis.why, 300)}`
    : '';
  return `- ${quoteCode(key)} did not succeed: ${cause}${thought}`;
}

function renderSource({ source, seconds, spend }: BoundaryRecord): string {
  const price = `(${seconds.toFixed(1)} s, ${renderMoney(spend)})`;
  switch (source.kind) {
    case 'pilot':
      return `the pilot decided to ${quoteInline(source.verdict)}: ${quoteInline(source.reason, 400)} ${price}`;
    case 'fell_back':
      return `fell back to the deterministic plan: ${quoteInline(source.why, 300)} ${price}`;
    case 'not_called':
      return `the pilot was not called: ${quoteInline(source.why, 300)}`;
  }
}
