import { expect, it } from 'vitest';
import type { Finding } from '../../../src/core/model/finding.ts';
import { nameFindings } from '../../../src/core/review/name-findings.ts';
import { found, mona, reviewed, sha } from '../run/outcome.ts';
import { judging } from '../run/place.ts';

const trace = (quote: string) => ({ kind: 'trace', path: 'src/error.ts', from: 3, to: 3, quote }) as const;
const seen = found({ evidence: trace('uno'), why: 'uno was seen' });

/** What becomes of a finding that is confirmed anew on another head, where it was known like this. */
function nameAnew(known: Partial<Finding>, isDismissed = false): Finding | undefined {
  const { run } = judging().finish('review', reviewed(found({ evidence: trace('one'), ...known })));
  const [before] = run.review?.result.kind === 'judged' ? run.review.result.findings : [];
  if (before && isDismissed) {
    run.dismissals = [{ finding: before, head: sha('1'), by: mona, reason: 'It is meant so.', at: 0 }];
    delete run.review;
  }
  const [named] = nameFindings(run, [{ ...seen, by: 'security' }], sha('3'));
  return named;
}

it('what is confirmed anew after it was gone or refuted keeps its name, and has what showed it this time', () => {
  for (const status of ['fixed', 'unverified'] as const)
    expect(nameAnew({ status })).toMatchObject({
      id: 'F-1',
      by: 'correctness',
      evidence: trace('uno'),
      head: sha('3'),
    });
});

it('what was there all the time keeps what showed it first, and the head of that', () => {
  const first = { id: 'F-1', by: 'correctness', evidence: trace('one'), head: sha('1') };
  expect(nameAnew({})).toMatchObject(first);
  expect(nameAnew({}, true)).toMatchObject(first);
});

it('what was carried over says itself what shows it', () => {
  const { run } = judging().finish('review', reviewed(found({ evidence: trace('one') })));
  const carried = { ...seen, id: 'F-1', head: sha('2') };
  expect(nameFindings(run, [carried], sha('3'))).toEqual([carried]);
});
