import type { BoundaryRecord, Run } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';
import { renderMoney } from './render-money.ts';

/** What was decided between batches, by whom, and what it cost. Batches without a failure have nothing to say. */
export function renderBoundaries(run: Run): string {
  const told = run.boundaries.filter((boundary) => boundary.failed.length + boundary.rolledBack.length > 0);
  if (told.length === 0) return '';
  return ['### Gate pilot', ...told.map(renderBoundary)].join('\n\n');
}

function renderBoundary(boundary: BoundaryRecord): string {
  const keys = [...boundary.failed, ...boundary.rolledBack].map((key) => quoteCode(key)).join(', ');
  const lines = boundary.lines.map((line) => `- ${line}`);
  return [`**After batch ${boundary.batch + 1}** (not successful: ${keys}): ${renderSource(boundary)}`, ...lines].join(
    '\n',
  );
}

function renderSource({ source, seconds, spend }: BoundaryRecord): string {
  switch (source.kind) {
    case 'pilot':
      return `the pilot decided to ${quoteInline(source.verdict)}: ${quoteInline(source.reason, 400)} (${seconds.toFixed(1)} s, ${renderMoney(spend)})`;
    case 'fell_back':
      return `fell back to the deterministic plan: ${quoteInline(source.why, 300)} (${seconds.toFixed(1)} s, ${renderMoney(spend)})`;
    case 'not_called':
      return `the pilot was not called: ${quoteInline(source.why, 300)}`;
  }
}
