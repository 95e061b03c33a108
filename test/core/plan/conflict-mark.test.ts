// Marks of a conflict that somebody left in a text, told from what only looks like them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMark, findMarkOfRepair, hasMarks } from '../../../src/core/plan/conflict-mark.ts';

const isMarkLeft = (...given: Parameters<typeof findMark>) => findMark(...given) !== undefined;
const isMarkLeftOfRepair = (...given: Parameters<typeof findMarkOfRepair>) => findMarkOfRepair(...given) !== undefined;

const at = (sign: string, size = 7) => sign.repeat(size);

interface Conflict {
  readonly size?: number;
  readonly labels?: readonly [ours: string, theirs: string];
  readonly ours?: readonly string[];
  readonly before?: readonly string[];
  readonly theirs?: readonly string[];
}

/** As git writes it; with what was there `before` it is diff3. */
function conflict({ size = 7, labels = ['HEAD', 'other'], ours = ['a'], before, theirs = ['b'] }: Conflict): string[] {
  const [own, foreign] = labels.map((label) => (label === '' ? '' : ` ${label}`));
  return [
    `${at('<', size)}${own}`,
    ...ours,
    ...(before ? [`${at('|', size)} 1f2e3d4`, ...before] : []),
    at('=', size),
    ...theirs,
    `${at('>', size)}${foreign}`,
  ];
}

const text = (lines: readonly string[], end = '\n') => ['first', ...lines, 'last', ''].join(end);

it('tells the line of the first mark that was not there before', () => {
  const old = conflict({ labels: ['HEAD', 'old'] });
  expect(findMark(text(conflict({})), [])).toBe(2);
  expect(findMark(text([...old, 'between', ...conflict({})]), [text(old)])).toBe(8);
  expect(findMark(text([...old, 'between', ...conflict({})], '\r\n'), [text(old)])).toBe(8);
  expect(findMark(conflict({}).join('\n'), [])).toBe(1);
  expect(findMark(text(old), [text(old)])).toBeUndefined();
});

describe('marks of a conflict', () => {
  it.each<[string, string[]]>([
    ['of two sides', conflict({})],
    ['with what was there before', conflict({ before: ['x'] })],
    ['of nine characters', conflict({ size: 9 })],
    ['of nine characters with what was there before', conflict({ size: 9, before: ['x'] })],
    ['without names', conflict({ labels: ['', ''] })],
    ['inside of others, as a merge of merges has them', conflict({ before: conflict({ size: 9 }) })],
    ['inside of others of the same length', conflict({ ours: conflict({}) })],
    ['that were never closed', conflict({}).slice(0, -1)],
    ['of which only the opener is left', conflict({}).slice(0, 1)],
    ['of which only the closer is left', conflict({}).slice(-1)],
    ['of nine characters after an opener that was never closed', [at('<', 9), 'x', ...conflict({ size: 9 })]],
  ])('%s are found, whatever ends the lines', (_, lines) => {
    for (const end of ['\n', '\r\n']) {
      expect(isMarkLeft(text(lines, end), [])).toBe(true);
      expect(hasMarks(text(lines, end))).toBe(true);
    }
    expect(isMarkLeft(lines.join('\n'), [])).toBe(true);
  });

  it.each<[string, string[]]>([
    ['a heading', ['Changes', at('=')]],
    ['headings around a rule', [at('='), 'Title', at('='), 'x', at('=')]],
    ['ornaments', [at('<', 20), 'Title', at('>', 20), at('|'), at('<'), at('>')]],
    ['a separator before its opener', [at('=', 8), at('<', 8), at('>', 8)]],
    ['parts of several lengths', [at('<', 8), at('=', 9), at('>', 8)]],
    ['fewer than seven', conflict({ size: 6 })],
    ['marks that are indented or quoted', conflict({}).map((line) => `  ${line}`)],
    ['shifts and pipes in code', ['<<<<<<<x', '>>>>>>>=2', '|||||||a', '=======>']],
    ['what is no text', ['\0', ...conflict({})]],
  ])('are not seen in %s', (_, lines) => {
    for (const end of ['\n', '\r\n']) expect(isMarkLeft(text(lines, end), [])).toBe(false);
  });

  it('that were there before are none, and one more is', () => {
    const shown = conflict({});
    expect(isMarkLeft(text(shown), [text(shown)])).toBe(false);
    expect(isMarkLeft(text([...shown, ...shown]), [text(shown)])).toBe(true);
    expect(isMarkLeft(text([...shown, ...shown]), [text(shown), text(shown)])).toBe(false);
    expect(isMarkLeft(text(conflict({ labels: ['HEAD', 'another'] })), [text(shown)])).toBe(true);
  });

  it('are found wherever a conflict stands between lines of any kind, and not without it', () => {
    const line = fc
      .array(fc.constantFrom('<', '=', '>', '|', ' ', 'a', '\t', '#'), { maxLength: 12 })
      .map((chars) => chars.join(''))
      .filter((one) => !/^([<|>])\1{6,}(?: |$)|^={7,}\s*$/.test(one));
    const lines = fc.array(line, { maxLength: 6 });
    const parts = fc.record({
      size: fc.integer({ min: 7, max: 12 }),
      ours: lines,
      theirs: lines,
      before: fc.option(lines, { nil: undefined }),
      around: fc.tuple(lines, lines),
      end: fc.constantFrom('\n', '\r\n'),
    });
    fc.assert(
      fc.property(parts, ({ size, ours, theirs, before, around: [above, below], end }) => {
        const block = conflict({ size, ours, theirs, ...(before ? { before } : {}) });
        const plain = [...above, ...ours, ...theirs, ...(before ?? []), ...below].join(end);
        const marked = [...above, ...block, ...below].join(end);
        expect(isMarkLeft(plain, [])).toBe(false);
        expect(isMarkLeft(marked, [plain])).toBe(true);
        expect(isMarkLeft(marked, [marked])).toBe(false);
        expect(isMarkLeftOfRepair(plain, [])).toBe(false);
      }),
    );
  });
});

describe('where a conflict was settled', () => {
  it.each([at('<'), at('|'), at('='), `${at('=')}\r`, at('>'), `${at('<')} HEAD`])('%j is left of it', (line) => {
    expect(isMarkLeftOfRepair(text([line]), [text([])])).toBe(true);
    expect(isMarkLeftOfRepair(text([line]), [text([line]), text([])])).toBe(false);
  });
});
