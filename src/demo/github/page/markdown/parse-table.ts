// Tables as on GitHub, which CommonMark does not have. Works on the source lines of one paragraph.

type Alignment = 'left' | 'center' | 'right' | 'none';

export interface Table {
  /** Lines of the paragraph before the table. */
  readonly before: readonly string[];
  readonly alignments: readonly Alignment[];
  readonly header: readonly string[];
  /** Each as long as the header. */
  readonly rows: readonly (readonly string[])[];
}

const delimiterCell = /^:?-+:?$/;

/** The table a paragraph holds or ends with, undefined when there is none. */
export function parseTable(lines: readonly string[]): Table | undefined {
  for (const [index, line] of lines.entries()) {
    const headerLine = lines[index - 1];
    if (headerLine === undefined || !line.includes('|')) continue;
    const delimiters = splitCells(line);
    if (!delimiters.every((cell) => delimiterCell.test(cell))) continue;
    const header = splitCells(headerLine);
    if (header.length !== delimiters.length) continue;
    const rows = lines.slice(index + 1).map((row) => {
      const cells = splitCells(row);
      return header.map((_, column) => cells[column] ?? '');
    });
    return { before: lines.slice(0, index - 1), alignments: delimiters.map(alignmentOf), header, rows };
  }
  return undefined;
}

/** A pipe that belongs to a cell is written `\|`, also inside code. */
function splitCells(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}

function alignmentOf(cell: string): Alignment {
  const left = cell.startsWith(':');
  const right = cell.endsWith(':');
  if (left && right) return 'center';
  if (right) return 'right';
  return left ? 'left' : 'none';
}
