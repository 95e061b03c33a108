import type { BoundaryRecord, Run } from '../model/run.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

/**
 * How a run went, one row per batch, for somebody who was not there: what landed, what did not, and what was decided
 * then. A run of one batch without trouble has nothing to tell.
 */
export function renderBatches(run: Run): string {
  if (run.behind.length < 2 && run.boundaries.length === 0) return '';
  const rows = run.behind.map((keys, at) => renderRow(run, keys, at));
  return ['| batch | merged | not successful | what followed |', '|---|---|---|---|', ...rows].join('\n');
}

function renderRow(run: Run, keys: readonly string[], at: number): string {
  const boundary = run.boundaries.findLast(({ batch }) => batch === at);
  const lost = [...(boundary?.failed ?? []), ...(boundary?.rolledBack ?? [])];
  const isMerged = (key: string) => run.tasks.some((task) => task.key === key && task.state.kind === 'merged');
  const landed = keys.filter((key) => !lost.includes(key) && isMerged(key));
  const isLast = at === run.behind.length - 1;
  return `| ${at + 1} | ${list(landed)} | ${list(lost)} | ${renderWhatFollowed(boundary, isLast)} |`;
}

function list(keys: readonly string[]): string {
  return keys.map((key) => quoteCode(key)).join(', ') || '–';
}

function renderWhatFollowed(boundary: BoundaryRecord | undefined, isLast: boolean): string {
  if (!boundary) return isLast ? 'verification of the whole' : 'the next batch, as planned';
  switch (boundary.source.kind) {
    case 'pilot':
      return `the gate pilot: ${quoteInline(boundary.source.reason, 200)}`;
    case 'fell_back':
      return `the plan without the gate pilot: ${quoteInline(boundary.source.why, 200)}`;
    case 'not_called':
      return quoteInline(boundary.source.why, 200);
  }
}
