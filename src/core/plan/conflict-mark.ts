// Marks that git writes into a text where two sides conflict: an opener, with diff3 what was there before, a separator and a
// closer, all of one length. An attribute or a merge inside of a merge makes them longer than seven characters.

const usualSize = 7;
/** As in git: what is zero in the first part of a file makes it no text, and git writes no marks into it. */
const charsProbed = 8_000;

interface Mark {
  readonly line: string;
  /** Where it stands, from 1. */
  readonly at: number;
  readonly sign: string;
  readonly size: number;
  readonly hasLabel: boolean;
}

export function hasMarks(text: string): boolean {
  return listSureMarks(text).length > 0;
}

/** The line (from 1) of the first mark of a text that it has not yet, as far as these together have them. */
export type FindMark = (text: string, before: readonly string[]) => number | undefined;

/** Openers and closers of a conflict that stand in a text more often than in these: texts about merges show some. */
export const findMark: FindMark = (text, before) => findOneMore(listSureMarks(text), before.flatMap(listSureMarks));

/** The same where a conflict stood and was settled: whatever is left of it counts there, also a lone separator. */
export const findMarkOfRepair: FindMark = (text, sides) =>
  findOneMore(listUsualMarks(text), sides.flatMap(listUsualMarks));

function findOneMore(marks: readonly Mark[], before: readonly Mark[]): number | undefined {
  const known = new Map<string, number>();
  for (const { line } of before) known.set(line, (known.get(line) ?? 0) + 1);
  return marks.find(({ line }) => {
    const left = (known.get(line) ?? 0) - 1;
    known.set(line, left);
    return left < 0;
  })?.at;
}

/**
 * Openers and closers that are no ornament: those of the usual size with what git names behind them, each by itself, since
 * half of a conflict may have been taken away; any other only as part of a whole conflict.
 */
function listSureMarks(text: string): Mark[] {
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
  return [...sure].sort((one, other) => one.at - other.at);
}

function listUsualMarks(text: string): Mark[] {
  return readMarks(text).filter(({ size }) => size === usualSize);
}

function readMarks(text: string): Mark[] {
  if (text.slice(0, charsProbed).includes('\0')) return [];
  let [at, seen] = [1, 0];
  return [...text.matchAll(/(?<=^|\n)(([<|=>])\2{6,})([^\n]*)/g)].flatMap((match): Mark[] => {
    const [, run = '', sign = '', rest = ''] = match;
    for (; seen < match.index; seen += 1) if (text[seen] === '\n') at += 1;
    const label = rest.trimEnd();
    const isMark = label === '' || (sign !== '=' && label.startsWith(' '));
    return isMark ? [{ line: `${run}${label}`, at, sign, size: run.length, hasLabel: label !== '' }] : [];
  });
}
