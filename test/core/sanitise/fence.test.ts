import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { fence } from '../../../src/core/sanitise/fence.ts';

describe('a fence', () => {
  it('has three backticks around plain text', () => {
    expect(fence('a\nb')).toBe('```\na\nb\n```');
    expect(fence('a\n', 'log')).toBe('```log\na\n```');
    expect(fence('')).toBe('```\n\n```');
  });

  it('is longer than any fence inside', () => {
    expect(fence('```` ```\n~~~~~')).toBe('`````\n```` ```\n~~~~~\n`````');
  });

  it('keeps its label on one line', () => {
    expect(fence('a', 'js`\n# not a heading')).toBe('```js # not a heading\na\n```');
  });

  it('holds any text as one block of code', () => {
    const part = fc.constantFrom('`', '```', '~~~', '\n', '\r', '\r\n', ' ', '    ', '> ', '- ', '<!--', 'a', '\t');
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (text, info) => {
        const { children } = fromMarkdown(fence(text.join(''), info.join('')));
        expect(children.map(({ type }) => type)).toEqual(['code']);
      }),
      { numRuns: 500 },
    );
  });
});
