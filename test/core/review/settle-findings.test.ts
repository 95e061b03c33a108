import { expect, it } from 'vitest';
import { settleFindings } from '../../../src/core/review/settle-findings.ts';
import { found } from '../run/outcome.ts';

it('tells what holds first, whatever was called confirmed', () => {
  const fails = { kind: 'fails', why: 'no' } as const;
  const all = [found({ severity: 'critical' }), found({ severity: 'minor' })];
  const settled = settleFindings(all, [fails, { kind: 'holds', shown: 'yes' }]);
  expect(settled.map(({ severity, status }) => `${severity} ${status}`)).toEqual([
    'minor confirmed',
    'critical unverified',
  ]);
});

it('lets nothing count as confirmed but what was looked at and holds', () => {
  const held = { kind: 'holds', shown: 'a.ts:1-2 says "x / 0"' } as const;
  const failed = { kind: 'fails', why: 'there is no file a.ts' } as const;
  const settle = (status: 'confirmed' | 'refuted' | 'unverified', looked?: typeof held | typeof failed) =>
    settleFindings([found({ status, why: 'I say so.' })], [looked]).map(({ status: now, why }) => [now, why]);
  expect(settle('confirmed', held)).toEqual([['confirmed', held.shown]]);
  expect(settle('confirmed', failed)).toEqual([['unverified', 'its evidence does not hold: there is no file a.ts']]);
  expect(settle('confirmed')).toEqual([['unverified', 'it was called confirmed without evidence']]);
  // What is not confirmed blocks nothing, whatever is said of it.
  expect(settle('refuted', held)).toEqual([['refuted', 'I say so.']]);
  expect(settle('unverified', held)).toEqual([['unverified', 'I say so.']]);
});
