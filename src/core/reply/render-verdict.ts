import type { Verdict } from '../gate/verdict.ts';
import { quoteInline } from './quote-inline.ts';

const signs = { open: '✅', waiting: '⏳', closed: '⛔' } as const;

/** The tree of reasons, one line per gate; what decides comes first in the headline, so this only explains. */
export function renderVerdict(verdict: Verdict): string {
  return renderLines(verdict, 0).join('\n');
}

function renderLines(verdict: Verdict, depth: number): string[] {
  const line = `${'  '.repeat(depth)}- ${signs[verdict.state.kind]} **${quoteInline(verdict.gate)}**: ${verdict.because}`;
  return [line, ...verdict.parts.flatMap((part) => renderLines(part, depth + 1))];
}
