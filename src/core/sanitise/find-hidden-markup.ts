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
      const end = findFormEnd(this.#text, form, limit);
      at = end ?? limit;
      if (end === undefined && form.end === '-->') {
        const { index, offset } = this.#findHtmlEnd(next);
        at = offset;
        next = index;
      }
      this.#found.push({ kind: 'html_comment', start: form.start, end: at });
    }
  }

  /** Where a comment ends that is open at this line, and the line below the block that ends it. */
  #findHtmlEnd(from: number): { readonly index: number; readonly offset: number } {
    for (let index = from; index < this.#lines.length; index += 1) {
      const line = this.#lines[index];
      const end = line?.kind === 'html' ? line.text.indexOf('-->') : -1;
      if (line && end !== -1) return { index: this.#findBlockEnd(index), offset: line.start + end + 3 };
    }
    return { index: this.#lines.length, offset: this.#text.length };
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
    const { block, kind } = this.#lines[first] ?? {};
    let next = first + 1;
    while (next < this.#lines.length && this.#lines[next]?.block === block && this.#lines[next]?.kind === kind)
      next += 1;
    return next;
  }

  #startOf(index: number): number {
    return this.#lines[index]?.start ?? this.#text.length;
  }
}

interface Form {
  readonly start: number;
  /** The text that ends it. */
  readonly end: string;
}

function findForm(text: string, from: number, limit: number): Form | undefined {
  const start = from + text.slice(from, limit).search(/<\?|<!(?:--|\[CDATA\[|[A-Za-z])/);
  if (start < from) return undefined;
  const [, end] = hiddenForms.find(([form]) => text.startsWith(form, start)) ?? [];
  return end === undefined ? undefined : { start, end };
}

/** Offset of what follows the form; undefined when it does not end before the limit. */
function findFormEnd(text: string, form: Form, limit: number): number | undefined {
  const from = form.start + 2;
  const end = text.slice(from, limit).indexOf(form.end);
  return end === -1 ? undefined : from + end + form.end.length;
}

/** What has an end, wherever it stands, also in code. For text that is too large to be parsed. */
export function findComments(text: string): HiddenMarkup[] {
  const found: HiddenMarkup[] = [];
  const unended = new Set<string>();
  for (let form = findForm(text, 0, text.length); form; ) {
    const end = unended.has(form.end) ? undefined : findFormEnd(text, form, text.length);
    if (end === undefined) unended.add(form.end);
    else found.push({ kind: 'html_comment', start: form.start, end });
    form = findForm(text, end ?? form.start + 2, text.length);
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
