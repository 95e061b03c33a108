// Conflicts as git wrote them into a text: both sides to the byte, and nothing where they cannot be told apart.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSide, spliceConflicts } from '../../../src/core/conflict/choose-side.ts';
import { parseConflicts } from '../../../src/core/conflict/parse-conflicts.ts';
import type { ConflictAnswer } from '../../../src/core/model/conflict.ts';

const answers = ['ours', 'theirs', 'base', 'both'] as const;

/** What each answer puts in place of the only conflict of a text. */
function settle(text: string): Record<string, string | undefined> {
  const [block] = parseConflicts(text).blocks;
  if (!block) throw new Error('there is no conflict');
  return Object.fromEntries(answers.map((kind) => [kind, chooseSide(block, { kind })]));
}

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');

describe('a conflict', () => {
  it('of two sides gives each side and both of them, and nothing that was there before', () => {
    const text = lines('top', '<<<<<<< HEAD', 'a', '=======', 'b', 'c', '>>>>>>> other', 'end');
    expect(settle(text)).toEqual({ ours: 'a\n', theirs: 'b\nc\n', base: undefined, both: 'a\nb\nc\n' });
    expect(parseConflicts(text).blocks[0]).toMatchObject({ line: 2, ending: '\n' });
  });

  it('with what was there before gives that as well', () => {
    const text = lines('<<<<<<< HEAD', 'a', '||||||| 1f2e3d4', 'x', '=======', '>>>>>>> other');
    expect(settle(text)).toEqual({ ours: 'a\n', theirs: '', base: 'x\n', both: 'a\n' });
  });

  it('keeps how its lines end, and ends those of a text in the same way', () => {
    const text = lines('<<<<<<< HEAD', 'a', '=======', 'b', '>>>>>>> other').replaceAll('\n', '\r\n');
    expect(settle(text)).toMatchObject({ ours: 'a\r\n', theirs: 'b\r\n', both: 'a\r\nb\r\n' });
    const [block] = parseConflicts(text).blocks;
    expect(block && chooseSide(block, { kind: 'text', lines: ['c', ''] })).toBe('c\r\n\r\n');
    expect(block && chooseSide(block, { kind: 'text', lines: [] })).toBe('');
  });

  it('with marks of nine characters holds marks of seven like any other line', () => {
    const inner = lines('<<<<<<< HEAD', 'a', '=======', 'b', '>>>>>>> other');
    const text = `<<<<<<<<< HEAD\n${inner}=========\nc\n>>>>>>>>> other\n`;
    expect(settle(text)).toMatchObject({ ours: inner, theirs: 'c\n' });
    expect(parseConflicts(text).blocks).toHaveLength(1);
  });

  it('holds the conflict of a merge before it in what was there before', () => {
    const virtual = lines(
      '<<<<<<<<< Temporary merge branch 1',
      'x',
      '=========',
      'y',
      '>>>>>>>>> Temporary merge branch 2',
    );
    const text = `<<<<<<< ours\na\n||||||| merged common ancestors\n${virtual}=======\nb\n>>>>>>> theirs\n`;
    expect(settle(text)).toEqual({ ours: 'a\n', base: virtual, theirs: 'b\n', both: 'a\nb\n' });
  });

  it('holds another one of the same length, whole, in one of its sides', () => {
    const inner = lines('<<<<<<< HEAD', 'a', '=======', 'b', '>>>>>>> other');
    const text = `<<<<<<< ours\n${inner}=======\nc\n>>>>>>> theirs\n`;
    expect(settle(text)).toMatchObject({ ours: inner, theirs: 'c\n' });
    expect(parseConflicts(text).unclear).toEqual([]);
  });

  it('holds a line of more or fewer signs than its marks have like any other', () => {
    const text = lines('<<<<<<< HEAD', 'Title', '=========', '=======', 'b', '>>>>>>>>> quoted', '>>>>>>> other');
    expect(settle(text)).toMatchObject({ ours: 'Title\n=========\n', theirs: 'b\n>>>>>>>>> quoted\n' });
  });

  it('may end the text without an end of its line', () => {
    const text = '<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other';
    expect(parseConflicts(text).blocks[0]?.to).toBe(text.length);
    expect(settle(text)).toMatchObject({ theirs: 'b\n' });
  });
});

describe('what cannot be told apart is told as unclear, and never guessed at', () => {
  it.each<[string, string, number[], number]>([
    ['an opener that nothing closes', lines('a', '<<<<<<< HEAD', 'b', '=======', 'c'), [2], 0],
    ['a heading that looks like a separator', lines('<<<<<<< H', 'T', '=======', '=======', 'b', '>>>>>>> o'), [1], 0],
    ['a second closer', lines('<<<<<<< H', 'a', '=======', '>>>>>>> q', 'b', '>>>>>>> o'), [1], 0],
    [
      'an opener before a whole conflict',
      lines('<<<<<<< H', 'x', '<<<<<<< H', 'a', '=======', 'b', '>>>>>>> o'),
      [1],
      1,
    ],
    ['two things that were there before', lines('<<<<<<< H', '|||||||', '|||||||', '=======', '>>>>>>> o'), [1], 0],
  ])('%s', (_, text, unclear, blocks) => {
    const parsed = parseConflicts(text);
    expect(parsed.unclear).toEqual(unclear);
    expect(parsed.blocks).toHaveLength(blocks);
  });

  it('is nothing in what is no text', () => {
    expect(parseConflicts(`\0${lines('<<<<<<< HEAD', 'a', '=======', 'b', '>>>>>>> other')}`).blocks).toEqual([]);
  });
});

/** Lines that are no marks, as far as anybody could take them for some. */
const plainLine = fc
  .array(fc.constantFrom('<', '=', '>', '|', ' ', 'a', '\t', '#', 'ö'), { maxLength: 10 })
  .map((chars) => chars.join(''))
  .filter((line) => !/^([<|>])\1{6,}(?: |\s*$)|^={7,}\s*$/.test(line));
const plain = fc.array(plainLine, { maxLength: 5 });
const ending = fc.constantFrom<'\n' | '\r\n'>('\n', '\r\n');
const conflict = fc.record({
  size: fc.integer({ min: 7, max: 12 }),
  ours: plain,
  before: fc.option(plain, { nil: undefined }),
  theirs: plain,
  above: plain,
});

describe('whatever stands in it and around it', () => {
  const texts = fc.record({ all: fc.array(conflict, { maxLength: 5 }), below: plain, end: ending });

  it('each answer gives exactly what stands between the marks, and all else stays', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom<ConflictAnswer['kind']>('ours', 'theirs', 'base', 'both'), (world, kind) => {
        const { all, below, end } = world;
        const join = (some: readonly string[]) => some.map((line) => `${line}${end}`).join('');
        const sides = all.map(({ ours, before, theirs }) => ({
          ours: join(ours),
          base: before && join(before),
          theirs: join(theirs),
          both: join([...ours, ...theirs]),
        }));
        const text =
          all
            .map(({ size, ours, before, theirs, above }) =>
              join([
                ...above,
                `${'<'.repeat(size)} HEAD`,
                ...ours,
                ...(before ? ['|'.repeat(size), ...before] : []),
                '='.repeat(size),
                ...theirs,
                `${'>'.repeat(size)} other`,
              ]),
            )
            .join('') + join(below);
        const { blocks, unclear } = parseConflicts(text);
        expect(unclear).toEqual([]);
        expect(blocks.map(({ ours, base, theirs }) => ({ ours, base, theirs }))).toEqual(
          sides.map(({ ours, base, theirs }) => ({ ours, base, theirs })),
        );
        const answer = { kind } as ConflictAnswer;
        const parts = blocks.flatMap((block) => {
          const instead = chooseSide(block, answer);
          return instead === undefined ? [] : [[block, instead] as const];
        });
        if (parts.length < blocks.length) return;
        const expected = all.map(({ above }, at) => `${join(above)}${sides[at]?.[kind as 'ours'] ?? ''}`).join('');
        expect(spliceConflicts(text, parts)).toBe(`${expected}${join(below)}`);
      }),
    );
  });

  it('blocks never overlap, and nothing that is put in their place is lost', () => {
    const line = fc.oneof(
      plainLine,
      fc
        .tuple(fc.constantFrom('<', '=', '>', '|'), fc.integer({ min: 6, max: 9 }))
        .map(([sign, size]) => sign.repeat(size)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), ending, (some, end) => {
        const text = some.join(end);
        const { blocks } = parseConflicts(text);
        let at = 0;
        for (const { from, to } of blocks) {
          expect(from).toBeGreaterThanOrEqual(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        const back = blocks.map((block) => [block, text.slice(block.from, block.to)] as const);
        expect(spliceConflicts(text, back)).toBe(text);
      }),
    );
  });

  it('is read in time that grows with the text, and not with its square', { timeout: 60_000 }, () => {
    const text = '<<<<<<< a\n'.repeat(100_000) + '<<<<<<<< c\n========\n>>>>>>>> d\n'.repeat(50_000);
    const startedAt = performance.now();
    parseConflicts(text);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });
});
