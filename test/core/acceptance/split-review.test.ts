import { describe, expect, it } from 'vitest';
import { splitReview, toAnswerTokens } from '../../../src/core/acceptance/split-review.ts';
import type { AcceptanceItem } from '../../../src/core/model/plan-outcome.ts';

function task(key: string, count: number, chars = 20) {
  const acceptance = Array.from(
    { length: count },
    (_, at): AcceptanceItem => ({ id: `a${at + 1}`, text: 'x'.repeat(chars), level: 'must' }),
  );
  return { key, acceptance };
}

function shapeOf(parts: ReturnType<typeof splitReview<ReturnType<typeof task>>>): string[] {
  return parts.map((part) => part.map(({ key, acceptance }) => `${key}:${acceptance.length}`).join(' '));
}

describe('the items of a batch', () => {
  it('are asked about at once where they fit', () => {
    expect(shapeOf(splitReview([task('a', 3), task('b', 0), task('c', 20)]))).toEqual(['a:3 b:0 c:20']);
  });

  it('are asked about task by task where they are many', () => {
    const largest = Array.from({ length: 30 }, (_, at) => task(`t${at}`, 20, 500));
    const parts = splitReview(largest);
    expect(parts).toHaveLength(30);
    expect(parts.flat()).toEqual(largest);
    expect(shapeOf(splitReview([task('a', 20), task('b', 10), task('c', 1)]))).toEqual(['a:20 b:10', 'c:1']);
  });

  it('are never left out, however many one task has', () => {
    const one = task('a', 95, 500);
    const parts = splitReview([one]);
    expect(parts.flat().flatMap(({ acceptance }) => acceptance)).toEqual(one.acceptance);
    expect(Math.max(...parts.flat().map(({ acceptance }) => acceptance.length))).toBeLessThanOrEqual(30);
  });

  it('have room for an entry each in the answer', () => {
    expect(toAnswerTokens([task('a', 30)]) - toAnswerTokens([])).toBeGreaterThanOrEqual(30 * 300);
  });
});
