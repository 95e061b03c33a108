import type { Measured } from './measure.ts';

const heading = [
  'world',
  'arm',
  'rescued',
  'done',
  'attempts wasted',
  'wrong skips',
  'wrong routes',
  'pilot asked',
  'fell back',
  'prompts',
  'cost',
  'of it pilot',
  'time',
] as const;

/** One row per world and arm, as a Markdown table that is also readable as text. */
export function renderTable(rows: readonly Measured[]): string {
  const cells = rows.map((row, at) => toCells(row, rows[at - 1]?.world === row.world));
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => (line[column] ?? '').length)),
  );
  const toLine = (line: readonly string[]) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [toLine(heading), rule, ...cells.map(toLine)].join('\n');
}

function toCells(row: Measured, isSameWorld: boolean): string[] {
  return [
    isSameWorld ? '' : row.world,
    row.arm,
    row.endangered === 0 ? '–' : `${count(row.rescued)} of ${row.endangered}`,
    `${count(row.done)} of ${row.tasks}`,
    `${count(row.wasted)} of ${count(row.attempts)}`,
    count(row.wrongSkips),
    count(row.wrongRoutes),
    count(row.pilotCalls),
    count(row.fellBack),
    `${(row.promptChars / 1000).toFixed(1)}k`,
    `$${row.usd.toFixed(3)}`,
    `$${row.pilotUsd.toFixed(3)}`,
    `${row.minutes.toFixed(0)} min`,
  ];
}

/** Means of draws have a fraction, counts have none. */
function count(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
