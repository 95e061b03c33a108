/** Where a review comment is put: a line of the old (`LEFT`) or the new (`RIGHT`) side of a file's diff. */
export interface LinePosition {
  readonly line: number;
  readonly side: 'LEFT' | 'RIGHT';
  readonly startLine: number | null;
}

/**
 * The part of a patch that GitHub shows above a comment: its hunk up to the line. Undefined when the line is not in the
 * diff, and then no comment can be put there.
 */
export function findHunk(patch: string | undefined, position: LinePosition): string | undefined {
  if (patch === undefined) return undefined;
  for (const hunk of patch.split(/^(?=@@ )/m)) {
    const lines = hunk.replace(/\n$/, '').split('\n');
    const numbered = numberLines(lines, position.side);
    const end = numbered.indexOf(position.line);
    const start = position.startLine === null ? end : numbered.indexOf(position.startLine);
    if (end >= 0 && start >= 0 && start <= end) return lines.slice(0, end + 1).join('\n');
  }
  return undefined;
}

/** The line number of each line of a hunk on one side; 0 for the header and for lines of the other side only. */
function numberLines(lines: readonly string[], side: 'LEFT' | 'RIGHT'): readonly number[] {
  const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(lines[0] ?? '');
  let next = Number(header?.[side === 'LEFT' ? 1 : 2] ?? 0);
  const otherSide = side === 'LEFT' ? '+' : '-';
  return lines.map((line, position) => {
    if (position === 0 || line.startsWith(otherSide) || line.startsWith('\\')) return 0;
    next += 1;
    return next - 1;
  });
}
