// Finds the lines of a comment that are addressed to the bot.
//
//   command line = a line of a paragraph (or of an underlined heading) that begins with the prefix
//
// Outside block quotes, fenced and indented code, raw HTML and whatever stands in an open HTML element or comment, code
// spans that reach over line ends, and links. A list item's first line begins with the item's marker and is none; the
// lines below it may be. Links by reference count as links only within one paragraph.
import { OpenElements } from '../sanitise/markdown/open-elements.ts';
import { type MarkdownLine, scanMarkdown } from '../sanitise/markdown/scan-markdown.ts';
import type { Piece } from './argument.ts';
import { findPrefix, type Prefixes } from './find-prefix.ts';
import { SurroundingsReader } from './surroundings-reader.ts';

export interface CommandLine {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** What follows the prefix. */
  readonly rest: Piece;
  /** The lines of text directly below it, up to the next command line. */
  readonly below: readonly string[];
  /** All that follows, as it was written, up to the next command line. */
  readonly remainder: readonly string[];
  /** False when its paragraph is too large to tell whether the line is text or code. */
  readonly isCertain: boolean;
}

export function findCommandLines(body: string, prefixes: Prefixes): readonly CommandLine[] {
  const { lines } = scanMarkdown(body);
  const surroundings = new SurroundingsReader(lines);
  const elements = new OpenElements();
  const found = new Map<number, Omit<CommandLine, 'below' | 'remainder'>>();
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'html' && !line.isQuoted) elements.read(line.text);
    const rest = isText(line) && !elements.isInside() ? findAtStart(line, prefixes) : undefined;
    const reading = rest ? surroundings.read(index) : 'markup';
    if (!rest || reading === 'markup') continue;
    found.set(index, { line: index + 1, column: line.contentIndex + 1, rest, isCertain: reading === 'text' });
  }
  return [...found].map(([index, command]) => ({
    ...command,
    below: takeBelow(lines, index, found),
    remainder: takeRemainder(lines, index, found),
  }));
}

function isText(line: MarkdownLine | undefined): line is MarkdownLine {
  return line?.kind === 'paragraph' && !line.isQuoted;
}

function findAtStart(line: MarkdownLine, prefixes: Prefixes): Piece | undefined {
  return /^\s*$/.test(line.text.slice(0, line.contentIndex)) ? findPrefix(line.text, prefixes) : undefined;
}

function takeBelow(lines: readonly MarkdownLine[], index: number, found: ReadonlyMap<number, unknown>): string[] {
  const below: string[] = [];
  for (let next = index + 1; isText(lines[next]) && !found.has(next); next += 1)
    below.push(lines[next]?.text.trimEnd() ?? '');
  return below;
}

function takeRemainder(lines: readonly MarkdownLine[], index: number, found: ReadonlyMap<number, unknown>): string[] {
  const following = lines.slice(index + 1);
  const end = following.findIndex((_, offset) => found.has(index + 1 + offset));
  return following.slice(0, end < 0 ? undefined : end).map(({ text }) => text);
}
