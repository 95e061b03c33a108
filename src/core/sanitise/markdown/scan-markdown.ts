// Splits Markdown into lines and says of each what block it belongs to: CommonMark's block structure, without inline
// markup and without a tree. It exists because the full parser needs time by the square of hostile input, a minute for
// one comment of the longest length; this reads every line once. It deliberately knows no inline markup and no link
// definitions (their lines count as paragraph text): `read-inline.ts` asks the full parser about single paragraphs.
import type { Fence } from './block-start.ts';
import { LineScanner } from './line-scanner.ts';

export interface MarkdownLine {
  /** Without its line ending. */
  readonly text: string;
  /** Offset of the line in the scanned text. */
  readonly start: number;
  readonly kind: 'blank' | 'paragraph' | 'underline' | 'heading' | 'break' | 'code' | 'html';
  /** Where the line's own content begins, after the markers of quotes and lists. */
  readonly contentIndex: number;
  readonly isQuoted: boolean;
  /** Lines of one paragraph, of one fenced code or of one HTML block share their number. */
  readonly block: number;
}

/** A block after the last line that nothing but a line of its own would end. */
export type OpenBlock = { readonly firstLine: number; readonly isNested: boolean } & (
  | { readonly kind: 'fence'; readonly fence: Fence }
  | { readonly kind: 'html'; readonly closer: string }
);

export interface MarkdownScan {
  readonly lines: readonly MarkdownLine[];
  readonly open: OpenBlock | undefined;
}

export function scanMarkdown(text: string): MarkdownScan {
  const scanner = new LineScanner();
  const lines: MarkdownLine[] = [];
  for (const { line, start } of splitLines(text)) lines.push({ text: line, start, ...scanner.scan(line) });
  return { lines, open: scanner.findOpen() };
}

/** Line endings are those of Markdown: CRLF, LF and a lone CR. */
export function* splitLines(text: string): Generator<{ readonly line: string; readonly start: number }> {
  const ending = /\r\n|\r|\n/g;
  let start = 0;
  for (let match = ending.exec(text); match !== null; match = ending.exec(text)) {
    yield { line: text.slice(start, match.index), start };
    start = ending.lastIndex;
  }
  yield { line: text.slice(start), start };
}
