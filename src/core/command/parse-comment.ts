// Reads a comment as people write it on an issue or pull request. One grammar for both prefixes:
//
//   comment      = { line }                                ; Markdown; which lines count: find-command-lines.ts
//   command line = prefix verb [ mark ] [ arguments ]      ; prefix: find-prefix.ts
//   verb         = word                                    ; any case of ASCII letters; the table: grammar.ts
//   mark         = one or more of . , : ; ! ? …            ; so that "stop!" and "run: …" are understood
//   arguments    = as each file in verb/ says
//
// The first command line is the comment's command. Further ones are named and not run, whatever they say, but a
// comment that both starts and halts work is refused as a whole. What the author may do is not judged here.
import { cutFound, type Piece, takeWord, toLowerAscii } from './argument.ts';
import type { Command } from './command.ts';
import type { CommandMistake } from './command-mistake.ts';
import { type CommandLine, findCommandLines } from './find-command-lines.ts';
import { findPrefix, mayHoldPrefix, type Prefixes } from './find-prefix.ts';
import { findVerb, verbNames } from './grammar.ts';
import { findNearestName } from './nearest-name.ts';

export type ParsedComment =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly alsoFound: AlsoFound;
      /** 1-based. */
      readonly line: number;
    }
  | { readonly kind: 'mistake'; readonly mistake: CommandMistake; readonly alsoFound: AlsoFound };

/** What further lines of the comment ask of the bot, cut. They are not run. */
type AlsoFound = readonly string[];

type ParsedLine = { readonly kind: 'command'; readonly command: Command; readonly line: number } | Mistaken;

interface Mistaken {
  readonly kind: 'mistake';
  readonly mistake: CommandMistake;
}

/** GitHub takes 65,536 characters, which are up to twice as many UTF-16 units. */
const maxBodyChars = 131_072;

export function parseComment(body: string, options: Prefixes): ParsedComment {
  if (!mayHoldPrefix(body, options)) return { kind: 'nothing' };
  if (body.length > maxBodyChars) return refuseLarge(body, options);
  const lines = findCommandLines(body, options);
  const [first, ...further] = lines;
  if (!first) return { kind: 'nothing' };
  // It names what is in each other's way itself.
  const conflict = refuseConflict(lines);
  if (conflict) return { ...conflict, alsoFound: [] };
  return { ...parseLine(first), alsoFound: further.map(({ rest }) => cutFound(rest.text)) };
}

function parseLine(line: CommandLine): ParsedLine {
  if (!line.isCertain) return refuseUncertain(line);
  const { word, rest } = takeVerb(line);
  if (word.text === '') {
    return mistake({
      kind: 'missing_verb',
      line: line.line,
      column: word.column,
      found: '',
      expected: 'a command, such as help',
    });
  }
  const grammar = findVerb(word.text);
  if (!grammar) return refuseVerb(line, word);
  const parsed = grammar.parse(rest, grammar.takesComment ? line.remainder : line.below);
  if (parsed.kind === 'command') return { kind: 'command', command: parsed.command, line: line.line };
  return mistake({ ...parsed.mistake, line: line.line, verb: word.text });
}

function takeVerb(line: CommandLine): { readonly word: Piece; readonly rest: Piece } {
  const { word, rest } = takeWord(line.rest);
  return { word: { text: toLowerAscii(word.text.replace(/[.,:;!?…]+$/, '')), column: word.column }, rest };
}

/** Words that people use for a verb that is spelt quite differently. */
const otherWords = new Map([
  ['abort', 'stop'],
  ['cancel', 'stop'],
  ['kill', 'stop'],
  ['implement', 'run'],
  ['start', 'run'],
  ['go', 'run'],
  ['steer', 'tell'],
  ['rerun', 'retry'],
  ['land', 'merge'],
  ['why', 'explain'],
]);

function refuseVerb(line: CommandLine, word: Piece): ParsedLine {
  const letters = word.text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const didYouMean = otherWords.get(letters) ?? findNearestName(letters, verbNames);
  return mistake({
    kind: 'unknown_verb',
    line: line.line,
    column: word.column,
    found: cutFound(word.text),
    expected: 'a command, such as run, status or help',
    ...(didYouMean === undefined ? {} : { didYouMean }),
  });
}

function refuseConflict(lines: readonly CommandLine[]): Mistaken | undefined {
  const verbs = lines.map((line) => ({ line, word: takeVerb(line).word }));
  const starts = verbs.find(({ word }) => findVerb(word.text)?.effect === 'starts');
  const halts = verbs.find(({ word }) => findVerb(word.text)?.effect === 'halts');
  if (!starts || !halts) return undefined;
  const later = starts.line.line > halts.line.line ? starts : halts;
  return mistake({
    kind: 'conflicting',
    line: later.line.line,
    column: later.word.column,
    verb: later.word.text,
    found: `${starts.word.text} and ${halts.word.text}`,
    expected: 'one of them in a comment of its own',
  });
}

function refuseUncertain(line: CommandLine): ParsedLine {
  return mistake({
    kind: 'too_complex',
    line: line.line,
    column: line.column,
    found: cutFound(line.rest.text),
    expected: 'the command in a paragraph of its own, with a blank line above it',
  });
}

/** Nothing of this size comes from GitHub. It is answered only where somebody seems to wait for an answer. */
function refuseLarge(body: string, options: Prefixes): ParsedComment {
  const index = body.split(/\r\n|\r|\n/).findIndex((line) => findPrefix(line, options) !== undefined);
  if (index === -1) return { kind: 'nothing' };
  const told = { kind: 'too_complex', line: index + 1, column: 1, found: '', expected: 'a shorter comment' } as const;
  return { ...mistake(told), alsoFound: [] };
}

function mistake(value: CommandMistake): Mistaken {
  return { kind: 'mistake', mistake: value };
}
