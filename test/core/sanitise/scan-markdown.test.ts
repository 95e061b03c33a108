import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { scanMarkdown } from '../../../src/core/sanitise/markdown/scan-markdown.ts';

type Seen = Record<string, { readonly kind: string; readonly isQuoted: boolean }>;

/** In which block each marked word stands, as the full parser sees it. */
function findByParser(text: string): Seen {
  const seen: Seen = {};
  const visit = (node: Nodes, block: string, isQuoted: boolean): void => {
    if ('children' in node) {
      const kind =
        node.type === 'heading' && node.position?.start.line !== node.position?.end.line ? 'paragraph' : node.type;
      for (const child of node.children) visit(child, kind, isQuoted || node.type === 'blockquote');
      return;
    }
    const kind = node.type === 'code' || node.type === 'html' ? node.type : block;
    const written = 'value' in node ? node.value : '';
    const info = node.type === 'code' ? `${node.lang} ${node.meta}` : '';
    for (const word of findWords(`${info}\n${written}`)) seen[word] = { kind, isQuoted };
  };
  const disable = { null: ['attention', 'definition', 'labelStartLink', 'labelStartImage', 'codeText', 'htmlText'] };
  visit(fromMarkdown(text, { extensions: [{ disable }] }), 'root', false);
  return seen;
}

function findByScan(text: string): Seen {
  const rows = scanMarkdown(text).lines.flatMap(({ text: line, kind, isQuoted }) =>
    findWords(line).map((word) => [word, { kind, isQuoted }] as const),
  );
  return Object.fromEntries(rows);
}

function findWords(text: string): string[] {
  return text.match(/word\d+/g) ?? [];
}

const pieces = [
  ...['> ', '> ', '>', '- ', '- ', '+ ', '* ', '1. ', '1) ', ' ', ' ', '  ', '    ', '\t', 'a', '@gatepilot run'],
  ...['```', '```', '````', '~~~', '``` js', '# ', '#', '===', '---', '***', '_ _ _', '<!--', '-->', '<div>', '</div>'],
  ...['<pre>', 'a</pre>', '<?', '?>', '<!A', '>', '<![CDATA[', ']]>', '`', '|', '\\', '&#64;'],
];
// In a quote or list item that opens right after a paragraph the full parser still treats these as inside that
// paragraph, against CommonMark. They are compared where no paragraph is open; numbers but 1 by examples only.
const interrupting = ['-', '+', '*', '<b>', '<a b="c">', '</b>', '</pre>'];

function markdown(from: readonly string[], { endings }: { endings: 1 | 2 }): fc.Arbitrary<string> {
  const line = fc.record({
    parts: fc.array(fc.constantFrom(...from), { maxLength: 4 }),
    isMarked: fc.boolean(),
    ending: fc.constantFrom('\n', '\n', '\n', '\r\n', '\r'),
  });
  return fc.array(line, { maxLength: 12 }).map((rows) =>
    rows
      .map(({ parts, isMarked, ending }, n) => {
        const written = parts.join('') + (isMarked ? `word${n}` : '');
        const isEmptyItem = from === pieces && /(?:[-+*]|\d[.)])\s*$/.test(written);
        return written + (isEmptyItem ? 'a' : '') + ending.repeat(endings);
      })
      .join(''),
  );
}

describe('scanning Markdown by lines', () => {
  it('finds every word in the block where the full parser finds it', () => {
    fc.assert(
      fc.property(markdown(pieces, { endings: 1 }), (text) => {
        expect(findByScan(text)).toEqual(findByParser(text));
      }),
      { numRuns: 1_500 },
    );
  });

  it('finds them also where blank lines stand between', () => {
    fc.assert(
      fc.property(markdown([...pieces, ...interrupting], { endings: 2 }), (text) => {
        expect(findByScan(text)).toEqual(findByParser(text));
      }),
      { numRuns: 1_500 },
    );
  });

  it.each([
    ['a number but one begins no list inside a paragraph', 'a\n2. b', ['paragraph', 'paragraph']],
    ['an empty item begins no list inside a paragraph', 'a\n-', ['paragraph', 'underline']],
    ['both do in a quote that opens there', 'a\n> 2. ```\n> -\nb', ['paragraph', 'CODE', 'BLANK', 'paragraph']],
    ['a tag alone does not interrupt a paragraph', 'a\n<b>\nc', ['paragraph', 'paragraph', 'paragraph']],
    ['a quote takes the lazy lines below it', '> a\nb\n\nc', ['PARAGRAPH', 'PARAGRAPH', 'blank', 'paragraph']],
    ['an empty item ends with a blank line', '-\n\n  a', ['blank', 'blank', 'paragraph']],
    [
      'a tab is as wide as the next stop is far',
      '-\ta\n\n\tb\n\n        c',
      ['paragraph', 'blank', 'paragraph', 'blank', 'code'],
    ],
    ['a fence is closed by one as long', '````\n```\n`````\na', ['code', 'code', 'code', 'paragraph']],
  ])('knows that %s', (_, text, kinds) => {
    const scanned = scanMarkdown(text).lines.map(({ kind, isQuoted }) => (isQuoted ? kind.toUpperCase() : kind));
    expect(scanned).toEqual(kinds);
  });

  it('gives the lines of a paragraph one number and a new one to the next', () => {
    const blocks = scanMarkdown('a\nb\n\nc\n# d\ne')
      .lines.filter(({ kind }) => kind !== 'blank')
      .map(({ block }) => block);
    expect(blocks[0]).toBe(blocks[1]);
    expect(new Set(blocks).size).toBe(4);
  });

  it('reads what is nested deeper than 64 levels as text', () => {
    const [line] = scanMarkdown(`${'- + '.repeat(50)}a`).lines;
    expect(line).toMatchObject({ kind: 'paragraph', contentIndex: 64 * '- '.length });
  });

  it('says what only a line of its own would end', () => {
    expect(scanMarkdown('a\n```js\nb').open).toMatchObject({ kind: 'fence', firstLine: 1, isNested: false });
    expect(scanMarkdown('- ~~~\n  b').open).toMatchObject({ kind: 'fence', firstLine: 0, isNested: true });
    expect(scanMarkdown('<!-- a\n\nb').open).toMatchObject({ kind: 'html', closer: '-->' });
    expect(scanMarkdown('<div>\na').open).toBeUndefined();
    expect(scanMarkdown('```\na\n```').open).toBeUndefined();
  });
});
