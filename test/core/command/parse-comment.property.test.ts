import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseComment } from '../../../src/core/command/parse-comment.ts';
import { fence } from '../../../src/core/sanitise/fence.ts';

const prefixes = { slash: 'pilot', mention: 'gatepilot' };
const parse = (body: string) => parseComment(body, prefixes);

const fragment = fc.constantFrom(
  ...[
    '@gatepilot run',
    '/pilot stop',
    '/pilot',
    '@gatepilot',
    ' run',
    ' status',
    ' skip a b',
    ' fix F-1',
    '\n',
    '\n',
    '\n\n',
  ],
  ...[
    '\r\n',
    '\r',
    '> ',
    '- ',
    '1. ',
    '    ',
    '\t',
    '`',
    '```',
    '~~~',
    '[',
    '](',
    ')',
    '<!--',
    '-->',
    '<details>',
    '</details>',
  ],
  ...[
    '<b>',
    '"',
    '\\',
    '&#64;',
    '---',
    '===',
    '#',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u202e',
    '\u{e0041}',
    '\0',
    '\ud800',
    'é',
    '👩‍👩‍👧',
  ],
);
const markup = fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(''));
const comment = fc.oneof(
  markup,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
);
const words = fc.array(fc.constantFrom('thanks', 'for', 'this', 'é', '42', 'run', 'stop'), {
  minLength: 1,
  maxLength: 8,
});

describe('reading any comment', () => {
  it('gives one of the three answers', () => {
    fc.assert(
      fc.property(comment, (body) => {
        const parsed = parse(body);
        expect(['nothing', 'command', 'mistake']).toContain(parsed.kind);
        if (parsed.kind === 'mistake') {
          const line = body.split(/\r\n|\r|\n/)[parsed.mistake.line - 1];
          expect(parsed.mistake.column).toBeGreaterThan(0);
          expect(parsed.mistake.column).toBeLessThanOrEqual((line?.length ?? -1) + 1);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds nothing once it is quoted', () => {
    fc.assert(
      fc.property(comment, (body) => {
        const quoted = body.replace(/^/, '> ').replace(/\r\n|\r|\n/g, (ending) => `${ending}> `);
        expect(parse(quoted)).toEqual({ kind: 'nothing' });
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds nothing once it is fenced', () => {
    fc.assert(
      fc.property(comment, (body) => {
        expect(parse(fence(body))).toEqual({ kind: 'nothing' });
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds the same below a paragraph that is not addressed to anybody', () => {
    // A byte order mark is one only at the very beginning of a text.
    const body = comment.filter((text) => !text.startsWith('\ufeff'));
    fc.assert(
      fc.property(words, body, (paragraph, text) => {
        expect(parse(`${paragraph.join(' ')}\n\n${text}`)).toEqual(moveDown(parse(text), 2));
      }),
      { numRuns: 2_000 },
    );
  });
});

function moveDown(parsed: ReturnType<typeof parse>, lines: number): unknown {
  if (parsed.kind === 'command') return { ...parsed, line: parsed.line + lines };
  if (parsed.kind === 'mistake')
    return { ...parsed, mistake: { ...parsed.mistake, line: parsed.mistake.line + lines } };
  return parsed;
}

// Each of these takes the full parser, or a careless pattern, from half a minute to hours. Here all of them together
// take a second; the limit is that the suite ends at all.
describe('reading a hostile comment of the longest length', () => {
  const longest = 65_536;
  const fill = (unit: string): string => unit.repeat(Math.ceil(longest / unit.length)).slice(0, longest - 20);

  it.each([
    ...[
      'a\n=\n',
      '>',
      '> - ',
      '- + ',
      '>\n',
      '_a_',
      '_',
      '**a ',
      '[',
      '[a](b ',
      '![[',
      'a <!-- ',
      'a <? ',
      '<a b="',
      '<a b ',
    ],
    ...['<', 'a`', '`a``b', '[a]: b\n', '[a]: b "c\n', '    a\n', '\t', '\n', '\r', ' ', '\u200b', '&', '</b>\n'],
  ])('made of %j finds the command in a paragraph of its own', (unit) => {
    const parsed = parse(`${fill(unit)}\n\n/pilot status`);
    expect(parsed).toMatchObject({ kind: 'command', command: { kind: 'status' } });
  });

  it.each(['[', '`', '<', '<a b="', '[a](b ', 'a <!-- ', '```\n', '<b>\n', '<details>\n\n', '<!--\n'])(
    'made of %j runs no command at its very end',
    (unit) => {
      expect(parse(`${fill(unit)}\n/pilot run`).kind).not.toBe('command');
    },
  );

  it('counts ten thousand mentions', () => {
    expect(parse('@gatepilot help\n'.repeat(4_000))).toMatchObject({
      kind: 'command',
      alsoFound: Array.from({ length: 3_999 }, () => 'help'),
    });
    expect(parse('@gatepilot '.repeat(10_000).slice(0, longest))).toMatchObject({ kind: 'mistake' });
  });

  it('refuses a command inside a paragraph that is too large to be judged', () => {
    const paragraph = `${'[a] <b> `c'.repeat(1_000)}\n/pilot run`;
    expect(parse(paragraph)).toMatchObject({ kind: 'mistake', mistake: { kind: 'too_complex', line: 2 } });
    expect(parse(`/pilot run\n${paragraph.replace('/pilot', '')}`)).toMatchObject({ kind: 'command' });
  });

  it('refuses a comment that is longer than GitHub lets comments be', () => {
    expect(parse(`${' \n'.repeat(70_000)}/pilot run`)).toMatchObject({
      kind: 'mistake',
      mistake: { kind: 'too_complex' },
    });
    expect(parse(`${'a\n'.repeat(70_000)}`)).toEqual({ kind: 'nothing' });
  });
});
