// Recognises the beginning of a command line.
//
//   prefix = "@" mention [ "[bot]" ] [ "," | ":" ] | "/" slash       ; any case of ASCII letters
//
// White space or the end of the line follows. What a person sees is what counts, so invisible characters around the
// prefix do not matter; one inside it makes it no prefix, which is how people write a mention that shall not be one.
import { type Piece, toLowerAscii } from './argument.ts';

export interface Prefixes {
  /** The word after the slash, without it. */
  readonly slash: string;
  /** How our App is called, without the at sign; empty while nobody knows that. */
  readonly mention: string;
}

/** What follows the prefix; undefined when the text does not begin with one. */
export function findPrefix(text: string, prefixes: Prefixes): Piece | undefined {
  const start = /^[\s\p{Default_Ignorable_Code_Point}]*/u.exec(text)?.[0].length ?? 0;
  const end = findEnd(text, start, prefixes);
  if (end === undefined) return undefined;
  const isEnd = /^\p{Default_Ignorable_Code_Point}*(?:\s|$)/u.test(text.slice(end));
  return isEnd ? { text: text.slice(end), column: end + 1 } : undefined;
}

/** A cheap look before anything is parsed. */
export function mayHoldPrefix(text: string, { slash, mention }: Prefixes): boolean {
  const lower = toLowerAscii(text);
  const holds = (sign: string, word: string) => word !== '' && lower.includes(`${sign}${toLowerAscii(word)}`);
  return holds('/', slash) || holds('@', mention);
}

function findEnd(text: string, start: number, { slash, mention }: Prefixes): number | undefined {
  if (slash !== '' && beginsWith(text, start, `/${slash}`)) return start + slash.length + 1;
  if (mention === '' || !beginsWith(text, start, `@${mention}`)) return undefined;
  const end = start + mention.length + 1;
  const suffix = /^(?:\[bot\])?[,:]?/i.exec(text.slice(end, end + 6))?.[0] ?? '';
  return end + suffix.length;
}

function beginsWith(text: string, start: number, word: string): boolean {
  return toLowerAscii(text.slice(start, start + word.length)) === toLowerAscii(word);
}
