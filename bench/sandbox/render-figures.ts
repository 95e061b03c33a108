import { type BenchOutcome, type SandboxFigures, type Work, works } from './run-bench.ts';

/** One row for each sandbox: times as ratios to the same without one, and what has no counterpart in milliseconds. */
export function renderFigures({ bare, sandboxes }: BenchOutcome): string {
  // The keys of a constant.
  const kinds = Object.keys(works) as Work[];
  const heading = ['sandbox', ...kinds.map((work) => works[work].title), 'make and give back', 'stop'];
  const measured = sandboxes.filter((entry): entry is SandboxFigures => 'works' in entry);
  const rows = [
    ['none', ...kinds.map((work) => `${Math.round(bare.works[work])} ms`), '–', `${Math.round(bare.stop)} ms`],
    ...measured.map((figures) => [
      figures.provider,
      ...kinds.map((work) => ratio(figures.works[work], bare.works[work])),
      `${Math.round(figures.create)} ms`,
      `${Math.round(figures.stop)} ms`,
    ]),
  ];
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const toLine = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = toLine(widths.map((width) => '-'.repeat(width)));
  const missing = sandboxes.flatMap((entry) => ('why' in entry ? [`\n${entry.provider}: not measured here.`] : []));
  return [toLine(heading), rule, ...rows.map(toLine), ...missing].join('\n');
}

function ratio(ms: number, bareMs: number): string {
  const times = ms / Math.max(bareMs, 0.1);
  return `× ${times < 10 ? times.toFixed(1) : Math.round(times)}`;
}
