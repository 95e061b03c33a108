// What is kept of a review: whether its readers saw all of the change, and whether there is what they name.
import { describe, expect, it } from 'vitest';
import type { ChangedPath } from '../../src/engine/port/git.ts';
import { isShownInPart } from '../../src/engine/review.ts';

describe('a change is shown in part where', () => {
  const text = { path: 'a.txt', status: 'modified' } as const;
  const many: ChangedPath[] = Array.from({ length: 301 }, (_, at) => ({ path: `${at}.txt`, status: 'added' }));
  it.each([
    ['there are too many paths', { changed: many, patch: '' }],
    ['it is too long', { changed: [text], patch: `+${'x'.repeat(40_000)}\n` }],
    ['git shows nothing of a path', { changed: [text, { ...text, path: 'a.jar', isUnshown: true }], patch: '+x\n' }],
    ['bytes of it are no UTF-8', { changed: [text], patch: Buffer.from([0x2b, 0xff, 0x0a]).toString('utf8') }],
  ])('%s', (_name, change) => {
    expect(isShownInPart(change)).toBe(true);
  });

  it('and not where all of it is there as text', () => {
    expect(isShownInPart({ changed: [text], patch: '+grüße\r+one line\n' })).toBe(false);
  });
});
