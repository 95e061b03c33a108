// The verb by which people say what is to stand in place of a conflict.
//
//   resolve  = "resolve" [ conflict side | "all" side | number "text" code ]
//   conflict = [ "conflict://" ] number ; conflict "/" side stands for both words
//   side     = [ "@" ] ( "ours" | "theirs" | "base" | "both" )
//   code     = a fenced code block below, to the byte ; nothing between its fences takes the conflict away

import type { ParsedArguments } from '../argument.ts';
import { accept, acceptAtEnd, type Piece, refuse, refuseWord, takeWord, toLowerAscii } from '../argument.ts';
import type { VerbGrammar } from './verb-grammar.ts';

const sides = ['ours', 'theirs', 'base', 'both'] as const;
const sideExpected = 'ours, theirs, base or both, or text with a code block below';
const charsAtMost = 20_000;

export const resolve: VerbGrammar = {
  usage: 'resolve [<number|all> <ours|theirs|base|both|text>]',
  sentence: 'Says what is to stand in place of a conflict of this branch; without anything it lists what conflicts.',
  authority: 'write',
  effect: 'starts',
  takesLinesBelow: false,
  takesComment: true,
  parse: (piece, below) => {
    const first = takeWord(piece);
    if (first.word.text === '') return accept({ kind: 'resolve' });
    const named = parseName(first.word.text);
    if (!named) return refuseWord(first.word, 'the number of a conflict, such as 2, or all');
    const { which } = named;
    if (named.side) return acceptAtEnd({ kind: 'resolve', which, answer: { kind: named.side } }, first.rest);
    const second = takeWord(first.rest);
    const word = toLowerAscii(second.word.text).replace(/^@/, '');
    const side = sides.find((one) => one === word);
    if (side) return acceptAtEnd({ kind: 'resolve', which, answer: { kind: side } }, second.rest);
    if (word !== 'text') return refuseWord(second.word, sideExpected);
    return which === 'all'
      ? refuseWord(second.word, 'ours, theirs, base or both')
      : parseText(which, second.rest, below);
  },
};

function parseName(text: string): { which: number | 'all'; side?: (typeof sides)[number] } | undefined {
  const [, number = '', word] = /^(?:conflict:\/\/)?(\d{1,6}|all)(?:\/(ours|theirs|base|both))?$/i.exec(text) ?? [];
  if (number === '') return undefined;
  const side = sides.find((one) => one === toLowerAscii(word ?? ''));
  const which = toLowerAscii(number) === 'all' ? 'all' : Number(number);
  return side ? { which, side } : { which };
}

function parseText(which: number, rest: Piece, below: readonly string[]): ParsedArguments {
  const lines = readCode(below);
  if (!lines) return refuse('missing_argument', rest, 'a fenced code block below with what is to stand there');
  if (lines.join('\n').length > charsAtMost)
    return refuse('bad_argument', rest, `at most ${charsAtMost} characters in the code block`);
  return acceptAtEnd({ kind: 'resolve', which, answer: { kind: 'text', lines } }, rest);
}

/** What stands between the first fences, which are closed; undefined where there are none. */
function readCode(below: readonly string[]): string[] | undefined {
  const from = below.findIndex((line) => line.trim() !== '');
  const [, indent = '', marks] = /^( {0,3})(`{3,}|~{3,})[^`]*$/.exec(below[from] ?? '') ?? [];
  if (marks === undefined) return undefined;
  const lines = below.slice(from + 1);
  const isEnd = (line: string) => {
    const [, end = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
    return end.length >= marks.length && end.startsWith(marks[0] ?? '`');
  };
  const end = lines.findIndex(isEnd);
  // An indented fence takes as much off the lines in it.
  const shift = new RegExp(`^ {0,${indent.length}}`);
  return end < 0 ? undefined : lines.slice(0, end).map((line) => line.replace(shift, ''));
}
