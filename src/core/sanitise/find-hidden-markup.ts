// Finds markup that GitHub shows as nothing: HTML comments, processing instructions, declarations, and link definitions
// that no link uses. Code is left alone, because there people see it as written. Folded details, alternative texts and
// titles are left alone too: they can be seen by whoever looks.
import { maxInlineChars, readInline } from './markdown/read-inline.ts';
import { type MarkdownLine, scanMarkdown } from './markdown/scan-markdown.ts';

export interface HiddenMarkup {
  readonly kind: 'html_comment' | 'link_definition';
  readonly start: number;
  /** Offset of what follows. */
  readonly end: number;
}

/** Raw HTML that browsers take as a comment: how it begins, and how it ends. */
const hiddenForms: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];

/** All paragraphs of one text together that the full parser is asked about; what is over gets a coarser look. */
const maxInlineTotal = 4 * maxInlineChars;

/** In order and without overlaps. */
export function findHiddenMarkup(text: string): readonly HiddenMarkup[] {
  return new HiddenMarkupFinder(text).find();
}

class HiddenMarkupFinder {
  readonly #text: string;
  readonly #lines: readonly MarkdownLine[];
  readonly #found: HiddenMarkup[] = [];
  #charsLeft = maxInlineTotal;
  #labels: ReadonlyMap<string, number> | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#lines = scanMarkdown(text).lines;
  }

  find(): readonly HiddenMarkup[] {
    for (let index = 0; index < this.#lines.length; ) {
      const { kind } = this.#lines[index] ?? {};
      if (kind === 'html') index = this.#readHtml(index);
      else if (kind === 'paragraph' || kind === 'heading') index = this.#readParagraph(index);
      else index += 1;
    }
    return this.#found;
  }

  /**
   * A block of raw HTML is searched as it stands. A comment that it does not end hides everything after it up to a later
   * block of raw HTML that does: elsewhere Markdown writes `-->` as text.
   */
  #readHtml(first: number): number {
    let next = this.#findBlockEnd(first);
    for (let at = this.#startOf(first); ; ) {
      const limit = this.#startOf(next);
      const form = findForm(this.#text, at, limit);
      if (!form) return next;
      const end = this.#text.indexOf(form.end, form.start + 2);
      const isEnded = end !== -1 && end + form.end.length <= limit;
      at = isEnded ? end + form.end.length : limit;
      if (!isEnded && form.end === '-->') {
        next = this.#findHtmlWith('-->', next);
        const endLine = this.#lines[next];
        at = endLine ? endLine.start + endLine.text.indexOf('-->') + 3 : this.#text.length;
        next = this.#findBlockEnd(next);
      }
      this.#found.push({ kind: 'html_comment', start: form.start, end: at });
    }
  }

  #findHtmlWith(text: string, from: number): number {
    let index = from;
    while (this.#lines[index] && !(this.#lines[index]?.kind === 'html' && this.#lines[index]?.text.includes(text)))
      index += 1;
    return index;
  }

  #readParagraph(first: number): number {
    const next = this.#findBlockEnd(first);
    const starts: number[] = [];
    const offsets: number[] = [];
    let paragraph = '';
    for (const line of this.#lines.slice(first, next)) {
      if (paragraph !== '') paragraph += '\n';
      offsets.push(paragraph.length);
      starts.push(line.start + line.contentIndex);
      paragraph += line.text.slice(line.contentIndex);
    }
    const toSource = (offset: number): number => {
      const row = offsets.findLastIndex((start) => start <= offset);
      return (starts[row] ?? 0) + offset - (offsets[row] ?? 0);
    };
    for (const { kind, start, end } of this.#findInParagraph(paragraph)) {
      this.#found.push({ kind, start: toSource(start), end: toSource(end - 1) + 1 });
    }
    return next;
  }

  #findInParagraph(paragraph: string): HiddenMarkup[] {
    if (!/<[!?]|^\[[^\]]/.test(paragraph)) return [];
    if (paragraph.length > Math.min(maxInlineChars, this.#charsLeft)) return findComments(paragraph);
    this.#charsLeft -= paragraph.length;
    return readInline(paragraph).flatMap(({ kind, start, end }): HiddenMarkup[] => {
      const written = paragraph.slice(start, end);
      if (kind === 'html' && /^<[!?]/.test(written)) return [{ kind: 'html_comment', start, end }];
      return kind === 'definition' && !this.#isUsed(written) ? [{ kind: 'link_definition', start, end }] : [];
    });
  }

  /** Whether the label of the definition stands in brackets anywhere else. */
  #isUsed(definition: string): boolean {
    this.#labels ??= countLabels(this.#text);
    const label = definition.slice(1, definition.indexOf(']:')).toLowerCase();
    return (this.#labels.get(label) ?? 0) > 1;
  }

  #findBlockEnd(first: number): number {
    const line = this.#lines[first];
    let next = first + 1;
    while (this.#lines[next]?.block === line?.block && this.#lines[next]?.kind === line?.kind) next += 1;
    return next;
  }

  #startOf(index: number): number {
    return this.#lines[index]?.start ?? this.#text.length;
  }
}

function findForm(
  text: string,
  from: number,
  limit: number,
): { readonly start: number; readonly end: string } | undefined {
  const start = from + text.slice(from, limit).search(/<\?|<!(?:--|\[CDATA\[|[A-Za-z])/);
  if (start < from) return undefined;
  const [, end] = hiddenForms.find(([form]) => text.startsWith(form, start)) ?? [];
  return end === undefined ? undefined : { start, end };
}

/** Comments that end, wherever they stand. For text that is too large to be parsed. */
export function findComments(text: string): HiddenMarkup[] {
  const found: HiddenMarkup[] = [];
  for (let start = text.indexOf('<!--'); start !== -1; ) {
    const end = text.indexOf('-->', start + 2);
    if (end === -1) break;
    found.push({ kind: 'html_comment', start, end: end + 3 });
    start = text.indexOf('<!--', end + 3);
  }
  return found;
}

function countLabels(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, label = ''] of text.matchAll(/\[([^[\]]{1,999})\]/g)) {
    const key = label.toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
