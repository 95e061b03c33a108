import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutFailureWindows } from '../../../src/core/pilot/cut-failure-windows.ts';
import { cutHead, cutItems } from '../../../src/core/pilot/cut-text.ts';
import { fenceData } from '../../../src/core/pilot/quote-data.ts';

describe('cutHead', () => {
  it('keeps the beginning and says how much is gone', () => {
    expect(cutHead('x'.repeat(100), 50)).toBe(`${'x'.repeat(23)}[… 77 characters left out]`);
    expect(cutHead('short', 50)).toBe('short');
  });

  it('never halves a character', () => {
    for (let room = 1; room < 60; room += 1) expect(cutHead('😀'.repeat(50), room).isWellFormed()).toBe(true);
  });
});

it('cutItems keeps whole items and counts the rest', () => {
  const items = ['- first', '- second', '- third', '- fourth'];
  expect(cutItems(items, { maxChars: 100, what: 'items' })).toBe(items.join('\n'));
  expect(cutItems([...items, 'x'.repeat(90)], { maxChars: 45, what: 'items' })).toBe(
    '- first\n- second\n[… 3 more items left out]',
  );
});

describe('cutFailureWindows', () => {
  const noise = Array.from({ length: 200 }, (_, at) => `step ${at}`);

  it('shows 4 lines before a failure and 25 after it', () => {
    const log = [...noise, 'TypeError: x is not a function', ...noise, 'done', 'a', 'b', 'c', 'd', 'e'];
    const kept = cutFailureWindows(log.join('\n'), 2_000).split('\n');
    expect(kept.slice(0, 6)).toEqual([
      '[… 196 lines left out]',
      'step 196',
      'step 197',
      'step 198',
      'step 199',
      'TypeError: x is not a function',
    ]);
    expect(kept.slice(6, 32)).toEqual([...noise.slice(0, 25), '[… 175 lines left out]']);
    expect(kept.slice(32)).toEqual(['done', 'a', 'b', 'c', 'd', 'e']);
  });

  it('shows several failures with the gaps between them', () => {
    const log = [...noise, 'not ok 1', ...noise, 'Traceback (most recent call last):', ...noise];
    const kept = cutFailureWindows(log.join('\n'), 1_500);
    expect(kept).toContain('not ok 1');
    expect(kept).toContain('Traceback');
    expect(kept.match(/lines left out/g)).toHaveLength(3);
  });

  it('shows the end of a log that names no failure', () => {
    expect(cutFailureWindows(noise.join('\n'), 500)).toMatch(/step 199$/);
  });

  it('keeps its limit for every log', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('FAIL x', 'Error: '.repeat(200), '', 'ok'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300 }), fc.integer({ min: 100, max: 2_000 }), (lines, maxChars) => {
        expect(cutFailureWindows(lines.join('\n'), maxChars).length).toBeLessThanOrEqual(maxChars);
      }),
    );
  });
});

it('a fence is longer than any run of backticks in it', () => {
  expect(fenceData('data', 'plain')).toBe('```data\nplain\n```');
  expect(fenceData('data', 'a ````` b')).toBe('``````data\na ````` b\n``````');
});
