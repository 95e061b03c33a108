import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitiseText } from '../../../src/core/sanitise/sanitise-text.ts';

const hide = (text: string) =>
  [...text].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join('');

describe('what ordinary writing needs', () => {
  it.each([
    ['plain text', 'Fix the parser.\r\n\tIt fails.\n'],
    ['accents, composed or not', 'naïve na\u0069\u0308ve'],
    ['Arabic', 'مرحبا بالعالم'],
    ['Hebrew with points', 'שָׁלוֹם'],
    ['Persian with its non-joiner', 'می\u200cخواهم'],
    ['Hindi with its joiner', 'क्\u200dष'],
    ['Chinese, Japanese and Korean', '修正 パーサー 파서'],
    ['emoji', '🎉 ❤️ ☀︎ ©️ 1️⃣ #️⃣'],
    ['emoji of several', '👩‍👩‍👧‍👦 🧑🏽‍💻 🏳️‍🌈 🕵🏽‍♂️ ❤️‍🔥'],
    ['flags of countries', '🇩🇪 🇫🇷'],
    ['Markdown', '# a\n\n- b `c` **d** [e](f) <kbd>g</kbd>\n\n| h |\n|---|\n'],
    ['a comment in fenced code', '```html\n<!-- seen -->\n```'],
    ['a comment in indented code', 'see\n\n    <!-- seen -->\n'],
    ['a comment in a code span', 'write `<!-- seen -->` or `<?php 1 ?>`'],
    ['a comment that never begins', 'a <! b <!- c --> d'],
    ['a comment that never ends inside a paragraph', 'write <!-- to begin one\n\nmore'],
    ['link definitions that are used', 'see [the docs][1] and [x]\n\n[1]: https://a.example\n[X]: https://b.example'],
    ['folded details', '<details><summary>log</summary>\n\ntext\n\n</details>'],
  ])('is kept: %s', (_, text) => {
    expect(sanitiseText(text)).toEqual({ text, removed: [] });
  });
});

describe('what people do not see', () => {
  it.each([
    ['an HTML comment', 'a <!-- b --> c', 'a  c', [{ kind: 'html_comment', count: 1 }]],
    ['a comment over lines', '<!-- b\n\nc -->\nd', '\nd', [{ kind: 'html_comment', count: 1 }]],
    ['a comment that never ends', 'a\n\n<!-- b\n\nc', 'a\n\n', [{ kind: 'html_comment', count: 1 }]],
    ['a comment in a quote', '> a <!-- b\n> c --> d', '> a  d', [{ kind: 'html_comment', count: 1 }]],
    [
      'a comment across blocks',
      '<p><!--\n\nhidden --> still\n\n<div>-->seen</div>',
      '<p>seen</div>',
      [{ kind: 'html_comment', count: 1 }],
    ],
    [
      'a second comment where the first one ends',
      '<p><!--\n\na\n\n<div>--> b <!-- c --> d',
      '<p> b  d',
      [{ kind: 'html_comment', count: 2 }],
    ],
    ['the shortest comment', 'a\n\n<!-->\nb', 'a\n\n\nb', [{ kind: 'html_comment', count: 1 }]],
    [
      'a comment behind a quoted tag',
      '<b title="`"> <!-- x --> <b title="`">',
      '<b title="`">  <b title="`">',
      [{ kind: 'html_comment', count: 1 }],
    ],
    ['a processing instruction', 'a <?do this?> b\n\n<?and\nthis?>', 'a  b\n\n', [{ kind: 'html_comment', count: 2 }]],
    ['a declaration', 'a <!DO this> b', 'a  b', [{ kind: 'html_comment', count: 1 }]],
    ['character data', 'a <![CDATA[do this]]> b', 'a  b', [{ kind: 'html_comment', count: 1 }]],
    [
      'a link definition without a link',
      'a\n\n[//]: # (do this)\n',
      'a\n\n\n',
      [{ kind: 'link_definition', count: 1 }],
    ],
    ['zero-width characters', 'a\u200bb\u2060c\ufeffd\u00ade\u3164f', 'abcdef', [{ kind: 'zero_width', count: 5 }]],
    ['joiners between other letters', 'a\u200db\u200cc', 'abc', [{ kind: 'zero_width', count: 2 }]],
    ['rows of joiners', 'می\u200c\u200c\u200dخ', 'میخ', [{ kind: 'zero_width', count: 3 }]],
    ['direction controls', 'a\u202eb\u2066c\u2069\u200fd\u061ce', 'abcde', [{ kind: 'bidi', count: 5 }]],
    ['tag characters', `a${hide('ignore all')}b`, 'ab', [{ kind: 'tag', count: 10 }]],
    [
      'rows of variation selectors',
      '😀\ufe0f\ufe0f\u{e0100}\u{e01ef}x\ufe00',
      '😀\ufe0fx',
      [{ kind: 'variation_selector', count: 4 }],
    ],
    ['a selector after a bare digit', '1\ufe0f2', '12', [{ kind: 'variation_selector', count: 1 }]],
    ['control characters', 'a\0b\u0007c\u0085d\u007fe', 'abcde', [{ kind: 'control', count: 4 }]],
    ['terminal colours', '\u001b[31mred\u001b[0m', 'red', [{ kind: 'control', count: 2 }]],
    ['line separators', 'a\u2028b\u2029c', 'a\nb\nc', [{ kind: 'control', count: 2 }]],
    ['halves of characters', 'a\ud800b', 'ab', [{ kind: 'control', count: 1 }]],
    ['a flag that is spelt out', '🏴\u{e0067}\u{e0062}\u{e007f}', '🏴', [{ kind: 'tag', count: 3 }]],
  ])('is removed and counted: %s', (_, text, cleaned, removed) => {
    expect(sanitiseText(text)).toEqual({ text: cleaned, removed });
  });

  it('is counted by kind', () => {
    const text = `<!-- a -->\n\n<!-- b -->\n\nx\u200b\u202e${hide('hi')}`;
    expect(sanitiseText(text).removed).toEqual([
      { kind: 'html_comment', count: 2 },
      { kind: 'zero_width', count: 1 },
      { kind: 'bidi', count: 1 },
      { kind: 'tag', count: 2 },
    ]);
  });
});

describe('any text', () => {
  const fragment = fc.constantFrom(
    ...[
      '<!--',
      '-->',
      '<?',
      '?>',
      '<!A',
      '>',
      '<p>',
      '<a b="',
      '"',
      '`',
      '```',
      '\n',
      '\n\n',
      '> ',
      '- ',
      '    ',
      '[a]: b',
      '[a]',
    ],
    ...[
      'word',
      ' ',
      '\u200b',
      '\u200d',
      '\u202e',
      '\u{e0041}',
      '\ufe0f',
      '😀',
      'ا',
      '\ud800',
      '\0',
      '\u001b[',
      '1m',
      '\r',
    ],
  );
  const text = fc.oneof(
    fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  const invisible = /[\u200b\u2060-\u206f\u202a-\u202e\ufeff\u{e0000}-\u{e0fff}\0\ud800]/u;

  it('loses only what is counted, and everything that hides', () => {
    fc.assert(
      fc.property(text, (original) => {
        const { text: cleaned, removed } = sanitiseText(original);
        expect(cleaned).not.toMatch(invisible);
        expect(cleaned.isWellFormed()).toBe(true);
        expect(removed.length === 0).toBe(cleaned === original);
        expect(cleaned.length).toBeLessThanOrEqual(original.length);
        expect(isSubsequence(cleaned.replaceAll('\n', ''), original)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of any size and shape comes to an end', () => {
    for (const unit of [
      '<p><?\n\n',
      '<!a ',
      'a <!-- ',
      '<!--\n',
      '<p><!--\n\n',
      '<? ',
      '[a]: b\n\n',
      '`<!',
      '<a b="',
      '\u200d',
      '\u001b[',
      '\u001b[1',
    ]) {
      const huge = unit.repeat(Math.ceil(60_000 / unit.length));
      expect(sanitiseText(huge).text.length).toBeLessThanOrEqual(huge.length);
      expect(sanitiseText(huge.repeat(10)).text.length).toBeLessThanOrEqual(huge.length * 10);
    }
  });

  it('loses its comments even when it is too large to be parsed', () => {
    const log = 'x'.repeat(200_000);
    expect(sanitiseText(`${log}<!-- a -->`)).toEqual({ text: log, removed: [{ kind: 'html_comment', count: 1 }] });
    const paragraph = 'word '.repeat(3_000);
    expect(sanitiseText(`${paragraph}<!-- a -->b<?c?>d<!e <? f>`).text).toBe(`${paragraph}bd`);
  });
});

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of part) {
    at = whole.indexOf(character, at);
    if (at === -1) return false;
    at += character.length;
  }
  return true;
}
