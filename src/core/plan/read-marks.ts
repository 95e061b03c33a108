// Lines that git writes into a text where two sides conflict: an opener, with diff3 what was there before, a separator and a
// closer, all of one length. An attribute or a merge inside of a merge makes them longer than seven characters.

export interface Mark {
  /** As it stands there, without what ends the line. */
  readonly line: string;
  /** Where it stands, from 1. */
  readonly at: number;
  /** Where its line begins, and where the next one does. */
  readonly from: number;
  readonly to: number;
  readonly sign: string;
  readonly size: number;
  readonly hasLabel: boolean;
}

/** As in git: what is zero in the first part of a file makes it no text, and git writes no marks into it. */
const charsProbed = 8_000;

export function readMarks(text: string): Mark[] {
  if (text.slice(0, charsProbed).includes('\0')) return [];
  let [at, seen] = [1, 0];
  return [...text.matchAll(/(?<=^|\n)(([<|=>])\2{6,})([^\n]*)/g)].flatMap((match): Mark[] => {
    const [whole, run = '', sign = '', rest = ''] = match;
    const from = match.index;
    for (; seen < from; seen += 1) if (text[seen] === '\n') at += 1;
    const label = rest.trimEnd();
    const isMark = label === '' || (sign !== '=' && label.startsWith(' '));
    const to = Math.min(text.length, from + whole.length + 1);
    return isMark ? [{ line: `${run}${label}`, at, from, to, sign, size: run.length, hasLabel: label !== '' }] : [];
  });
}
