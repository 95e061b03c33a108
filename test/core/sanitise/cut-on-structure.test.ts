import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { cutOnStructure } from '../../../src/core/sanitise/cut-on-structure.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join('\n');

describe('cutting on structure', () => {
  it('leaves text alone that is short enough', () => {
    expect(cutOnStructure('a\nb', 3)).toBe('a\nb');
  });

  it('keeps whole lines and counts what is left out', () => {
    expect(cutOnStructure(lines(100), 80)).toMatchInlineSnapshot(`
      "line 1
      line 2
      line 3
      line 4
      line 5

      _… 95 lines (757 characters) left out._"
    `);
  });

  it('closes an open fence', () => {
    expect(cutOnStructure(`# Log\n\n\`\`\`\`js\n${lines(50)}\n\`\`\`\``, 100)).toMatchInlineSnapshot(`
      "# Log

      \`\`\`\`js
      line 1
      line 2
      line 3
      line 4
      line 5
      \`\`\`\`

      _… 46 lines (361 characters) left out._"
    `);
  });

  it('closes open details, and the fence in them', () => {
    const text = `<details><summary>a</summary>\n\n<details>\n\n~~~\n${lines(50)}\n~~~\n\n</details></details>`;
    expect(cutOnStructure(text, 160)).toMatchInlineSnapshot(`
      "<details><summary>a</summary>

      <details>

      ~~~
      line 1
      line 2
      line 3
      line 4
      line 5
      line 6
      ~~~

      </details></details>

      _… 47 lines (375 characters) left out._"
    `);
  });

  it('ends a quote and a list with a blank line', () => {
    expect(cutOnStructure(`> - \`\`\`\n${'>   code\n'.repeat(50)}`, 80)).toMatchInlineSnapshot(`
      "> - \`\`\`
      >   code
      >   code
      >   code

      _… 48 lines (424 characters) left out._"
    `);
  });

  it('closes a comment that it opens', () => {
    expect(cutOnStructure(`a\n<!-- ${lines(50)} -->`, 90)).toMatchInlineSnapshot(`
      "a
      <!-- line 1
      line 2
      line 3
      line 4
      line 5
      -->

      _… 45 lines (360 characters) left out._"
    `);
    expect(cutOnStructure(`<p><!--\n\n${lines(50)} -->`, 90)).toMatchInlineSnapshot(`
      "<p><!--

      line 1
      line 2
      line 3
      line 4

      <!-- -->

      _… 46 lines (367 characters) left out._"
    `);
  });

  it('leaves a diagram out as a whole', () => {
    const text = `before\n\n\`\`\`mermaid\ngraph TD\n${lines(50)}\n\`\`\``;
    expect(cutOnStructure(text, 120)).toMatchInlineSnapshot(`
      "before

      _… 54 lines (416 characters) left out._"
    `);
  });

  it('cuts a single line that is too long, between characters', () => {
    expect(cutOnStructure('😀'.repeat(100), 61)).toMatchInlineSnapshot(`
      "😀😀😀😀😀😀😀😀😀😀😀

      _… 1 line (178 characters) left out._"
    `);
  });

  it('gives the beginning alone when there is no room to say more', () => {
    expect(cutOnStructure(lines(50), 10)).toBe('line 1\nlin');
    expect(cutOnStructure('😀😀', 3)).toBe('😀');
    expect(cutOnStructure('abc', 0)).toBe('');
  });
});

describe('cutting any text', () => {
  const fragment = fc.constantFrom(
    ...[
      '```\n',
      '```mermaid\n',
      '~~~~\n',
      '<details>\n\n',
      '</details>\n\n',
      '<summary>',
      '<!--',
      '-->',
      '<pre>',
      'x</pre>\n',
    ],
    ...['> ', '- ', '    ', 'some words ', '\n', '\n\n', '\r\n', '😀', '`', '# ', '<p>', '<?', '?>'],
  );
  const text = fc.array(fragment, { minLength: 30, maxLength: 120 }).map((parts) => parts.join(''));
  const room = fc.integer({ min: 0, max: 400 });

  it('never gives more than there is room for, nor half a character', () => {
    fc.assert(
      fc.property(text, room, (original, maxChars) => {
        const cut = cutOnStructure(original, maxChars);
        expect(cut.length).toBeLessThanOrEqual(maxChars);
        expect(cut.isWellFormed()).toBe(true);
        if (original.length <= maxChars) expect(cut).toBe(original);
      }),
      { numRuns: 2_000 },
    );
  });

  it('says what is missing outside of all code, quotes and HTML', () => {
    fc.assert(
      fc.property(text, (original) => {
        const cut = cutOnStructure(original, 250);
        fc.pre(cut !== original && cut.includes('left out'));
        const last = fromMarkdown(cut).children.at(-1);
        expect(last?.type).toBe('paragraph');
        expect(cut.slice(last?.position?.start.offset)).toMatch(/^_… \d+ lines? \(\d+ characters\) left out\._$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
