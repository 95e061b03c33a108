// The exact key that was judged, and how fresh what is shown of the change is.
import { expect, it } from 'vitest';
import type { DiffFacts } from '../../../src/core/model/result.ts';
import { renderVerification } from '../../../src/core/reply/render-verification.ts';
import { base, sha } from '../run/outcome.ts';
import { ready } from '../run/place.ts';

const stat = { files: 1, additions: 3, deletions: 1 };
const facts: DiffFacts = { mergeBase: base, stat, hunks: 4, shown: 4 };

function rows(diff: DiffFacts | undefined, reviewers: ('correctness' | 'tests')[] = ['correctness']): string[] {
  const { verification } = ready().run;
  if (!verification) throw new Error('it was verified');
  const key = { ...verification.key, reviewers };
  const text = renderVerification({ ...verification, key, ...(diff ? { diff } : {}) });
  return text.split('\n').filter((line) => /^\| (?:merge base|change) /.test(line));
}

it('names the merge base, and how much of the change reviewers were shown', () => {
  expect(rows(facts)).toEqual([
    `| merge base | \`${base}\`, the base itself |`,
    '| change | 1 file, +3 −1; all of 4 hunks shown to reviewers |',
  ]);
  expect(rows({ ...facts, mergeBase: sha('9'), hunks: 40, shown: 12, isCut: true })).toEqual([
    `| merge base | \`${sha('9')}\`, behind the base |`,
    '| change | 1 file, +3 −1; 12 of more than 40 hunks shown to reviewers |',
  ]);
});

it('says nothing of reviewers where nobody reviews, and nothing of what an older version verified', () => {
  const { mergeBase: _, ...apart } = facts;
  expect(rows({ ...apart, stat: { ...stat, files: 2 } }, [])).toEqual([
    '| merge base | none: the branch and its base have no commit in common |',
    '| change | 2 files, +3 −1; 4 hunks |',
  ]);
  expect(rows(undefined)).toEqual([]);
});
