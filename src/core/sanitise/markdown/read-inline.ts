// Asks the full Markdown parser what a single paragraph holds besides plain text. Emphasis is not asked for: it hides
// nothing, and finding it takes time by the square.
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';

export interface InlineSpan {
  readonly kind: 'code' | 'html' | 'link' | 'definition';
  readonly start: number;
  /** Offset of what follows. */
  readonly end: number;
}

/** The parser's time grows by the square of this: about 60 ms for the worst paragraph of this length. */
export const maxInlineChars = 8_000;

// A paragraph is given without what is around it, so nothing in it may open a block.
const blockConstructs = [
  'blockQuote',
  'codeFenced',
  'codeIndented',
  'headingAtx',
  'htmlFlow',
  'list',
  'setextUnderline',
  'thematicBreak',
];

const spanKinds: Partial<Record<Nodes['type'], InlineSpan['kind']>> = {
  definition: 'definition',
  html: 'html',
  image: 'link',
  imageReference: 'link',
  inlineCode: 'code',
  link: 'link',
  linkReference: 'link',
};

/**
 * The outermost spans that are not plain text, in order. `paragraph` has at most `maxInlineChars` characters. A link
 * by reference counts only where its definition is in the same paragraph.
 */
export function readInline(paragraph: string): readonly InlineSpan[] {
  // The parser would drop a byte order mark, and with it one from every offset.
  const text = paragraph.replace(/^\ufeff/, '\u200b');
  const root = fromMarkdown(text, { extensions: [{ disable: { null: ['attention', ...blockConstructs] } }] });
  const spans: InlineSpan[] = [];
  collect(root, spans);
  return spans;
}

function collect(node: Nodes, spans: InlineSpan[]): void {
  const kind = spanKinds[node.type];
  const { start, end } = node.position ?? {};
  if (kind && start?.offset !== undefined && end?.offset !== undefined) {
    spans.push({ kind, start: start.offset, end: end.offset });
  } else if ('children' in node) {
    for (const child of node.children) collect(child, spans);
  }
}
