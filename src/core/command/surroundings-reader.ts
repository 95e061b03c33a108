// Tells whether the beginning of a line is plain text, or inside a code span, a link or a tag that began on a line above.
import { type InlineSpan, maxInlineChars, readInline } from '../sanitise/markdown/read-inline.ts';
import type { MarkdownLine } from '../sanitise/markdown/scan-markdown.ts';

/** All inline parsing of one comment together, so that many large paragraphs cost no more than a few. */
const maxInlineTotal = 4 * maxInlineChars;

interface Paragraph {
  readonly block: number;
  /** Index of its first line. */
  readonly first: number;
  /** Where each line's content begins in the joined paragraph. */
  readonly offsets: readonly number[];
  /** Of the first character that could begin something that reaches over a line's end. */
  readonly firstMarkup: number;
  /** Undefined when the paragraph is too large to be parsed. */
  readonly spans: readonly InlineSpan[] | undefined;
}

export class SurroundingsReader {
  readonly #lines: readonly MarkdownLine[];
  #charsLeft = maxInlineTotal;
  #paragraph: Paragraph | undefined;

  constructor(lines: readonly MarkdownLine[]) {
    this.#lines = lines;
  }

  /** `index`: a line of a paragraph. Lines are asked for in order. */
  read(index: number): 'text' | 'markup' | 'unknown' {
    const block = this.#lines[index]?.block ?? -1;
    if (this.#paragraph?.block !== block) this.#paragraph = this.#readParagraph(index, block);
    const { offsets, first, firstMarkup, spans } = this.#paragraph;
    const offset = offsets[index - first] ?? 0;
    if (firstMarkup === -1 || firstMarkup >= offset) return 'text';
    if (!spans) return 'unknown';
    return spans.some(({ start, end }) => start <= offset && offset < end) ? 'markup' : 'text';
  }

  #readParagraph(index: number, block: number): Paragraph {
    const isSame = (at: number): boolean => this.#lines[at]?.block === block && this.#lines[at]?.kind === 'paragraph';
    let first = index;
    while (isSame(first - 1)) first -= 1;
    let text = '';
    const offsets: number[] = [];
    for (let at = first; isSame(at); at += 1) {
      if (at > first) text += '\n';
      offsets.push(text.length);
      text += this.#lines[at]?.text.slice(this.#lines[at]?.contentIndex) ?? '';
    }
    const firstMarkup = text.search(/[`<[]/);
    return { block, first, offsets, firstMarkup, spans: this.#parse(text) };
  }

  #parse(text: string): readonly InlineSpan[] | undefined {
    if (text.length > Math.min(maxInlineChars, this.#charsLeft)) return undefined;
    this.#charsLeft -= text.length;
    return readInline(text);
  }
}
