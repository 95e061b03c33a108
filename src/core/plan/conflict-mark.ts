// Marks that git writes into a text where two sides conflict: an opener, with diff3 what was there before, a separator and a
// closer, all of one length. An attribute or a merge inside of a merge makes them longer than seven characters.

const usualSize = 7;
/** As in git: what is zero in the first part of a file makes it no text, and git writes no marks into it. */
const charsProbed = 8_000;

interface Mark {
  readonly line: string;
  readonly sign: string;
  readonly size: number;
  readonly hasLabel: boolean;
}

export function hasMarks(text: string): boolean {
  return listSureMarks(text).length > 0;
}

/** Whether openers or closers of a conflict stand in a text more often than in these together: texts about merges show some. */
export function isMarkLeft(text: string, before: readonly string[]): boolean {
  return isAnyMore(listSureMarks(text), before.flatMap(listSureMarks));
}

/** The same where a conflict stood and was settled: whatever is left of it counts there, also a lone separator. */
export function isMarkLeftOfRepair(text: string, sides: readonly string[]): boolean {
  return isAnyMore(listUsualMarks(text), sides.flatMap(listUsualMarks));
}

function isAnyMore(lines: readonly string[], before: readonly string[]): boolean {
  const known = new Map<string, number>();
  for (const line of before) known.set(line, (known.get(line) ?? 0) + 1);
  return lines.some((line) => {
    const left = (known.get(line) ?? 0) - 1;
    known.set(line, left);
    return left < 0;
  });
}

/**
 * Openers and closers that are no ornament: those of the usual size with what git names behind them, each by itself, since
 * half of a conflict may have been taken away; any other only as part of a whole conflict.
 */
function listSureMarks(text: string): string[] {
  const sure = new Set<Mark>();
  const open = new Map<number, { readonly opener: Mark; isParted: boolean }>();
  for (const mark of readMarks(text)) {
    const { sign, size, hasLabel } = mark;
    const begun = open.get(size);
    if (sign === '<') open.set(size, { opener: mark, isParted: false });
    if (sign === '=' && begun) begun.isParted = true;
    if (sign === '>') open.delete(size);
    if (sign === '>' && begun?.isParted) sure.add(begun.opener).add(mark);
    if ((sign === '<' || sign === '>') && size === usualSize && hasLabel) sure.add(mark);
  }
  return [...sure].map(({ line }) => line);
}

function listUsualMarks(text: string): string[] {
  return readMarks(text).flatMap(({ line, size }) => (size === usualSize ? [line] : []));
}

function readMarks(text: string): Mark[] {
  if (text.slice(0, charsProbed).includes('\0')) return [];
  return [...text.matchAll(/(?:^|\n)(([<|=>])\2{6,})([^\n]*)/g)].flatMap(
    ([, run = '', sign = '', rest = '']): Mark[] => {
      const label = rest.trimEnd();
      const isMark = label === '' || (sign !== '=' && label.startsWith(' '));
      return isMark ? [{ line: `${run}${label}`, sign, size: run.length, hasLabel: label !== '' }] : [];
    },
  );
}
