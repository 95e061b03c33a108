// What stands after a verb, read word by word, and the answers that a verb's parser gives.
//
//   word = visible characters without white space ; characters that are not seen do not count
//   text = the rest of the line, as written, without white space around it
import { stripInvisible } from '../sanitise/invisible.ts';
import type { Command } from './command.ts';
import type { CommandMistake } from './command-mistake.ts';

/** A piece of a line. `column` is that of its first character, 1-based. */
export interface Piece {
  readonly text: string;
  readonly column: number;
}

export type ParsedArguments =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'mistake'; readonly mistake: Omit<CommandMistake, 'line' | 'verb'> };

/** A word is empty when there is none. */
export function takeWord(piece: Piece): { readonly word: Piece; readonly rest: Piece } {
  const start = countMatch(/^[\s\p{Default_Ignorable_Code_Point}]+/u, piece.text);
  const length = countMatch(/^\S+/, piece.text.slice(start));
  const word = { text: stripInvisible(piece.text.slice(start, start + length)), column: piece.column + start };
  return { word, rest: { text: piece.text.slice(start + length), column: word.column + length } };
}

/** The rest as free text: empty when nothing of it is seen. */
export function takeText(piece: Piece): Piece {
  const text = piece.text.trim();
  return {
    text: stripInvisible(text).trim() === '' ? '' : text,
    column: piece.column + piece.text.length - piece.text.trimStart().length,
  };
}

/** ASCII only: no other letter may become one of a name's by changing case. */
export function toLowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function accept(command: Command): ParsedArguments {
  return { kind: 'command', command };
}

/** Accepts the command when nothing follows. */
export function acceptAtEnd(command: Command, rest: Piece): ParsedArguments {
  const { text, column } = takeText(rest);
  if (text === '') return accept(command);
  return refuse('unexpected_text', { text, column }, `nothing after "${command.kind}"`);
}

export function refuse(
  kind: 'missing_argument' | 'bad_argument' | 'unexpected_text',
  at: Piece,
  expected: string,
): ParsedArguments {
  return { kind: 'mistake', mistake: { kind, column: at.column, found: cutFound(at.text), expected } };
}

/** For a word that is absent or is not what it should be. */
export function refuseWord(word: Piece, expected: string): ParsedArguments {
  return refuse(word.text === '' ? 'missing_argument' : 'bad_argument', word, expected);
}

/** What a mistake quotes: visible characters only, cut. */
export function cutFound(text: string, maxChars = 60): string {
  const characters = [...stripInvisible(text).trim()];
  return characters.length > maxChars ? `${characters.slice(0, maxChars).join('')}…` : characters.join('');
}

function countMatch(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}
