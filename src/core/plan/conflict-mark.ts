// Marks of a conflict that somebody left in a text, told from what only looks like them.
import { type Mark, readMarks } from './read-marks.ts';

const usualSize = 7;

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
