import { expect, it } from 'vitest';
import { settleFindings } from '../../../src/core/review/settle-findings.ts';
import { found } from '../run/outcome.ts';

const held = { kind: 'holds', shown: 'a.ts:1-2 says "x / 0"' } as const;
const failed = { kind: 'fails', why: 'there is no file a.ts' } as const;

it('tells what holds first, whatever was called confirmed', () => {
  const all = [found({ severity: 'critical' }), found({ severity: 'minor' })];
  const { findings } = settleFindings(all, [{ after: failed }, { after: held }]);
  expect(findings.map(({ severity, status }) => `${severity} ${status}`)).toEqual([
    'minor confirmed',
    'critical unverified',
  ]);
});

it('lets nothing count as confirmed but what was looked at, holds, and says more than the base does', () => {
  const settle = (
    status: 'confirmed' | 'refuted' | 'unverified',
    seen: Parameters<typeof settleFindings>[1][number],
  ) => {
    const { findings, unseen } = settleFindings([found({ status, why: 'I say so.' })], [seen]);
    return [findings[0]?.status, findings[0]?.why, unseen];
  };
  expect(settle('confirmed', { after: held })).toEqual(['confirmed', held.shown, 0]);
  expect(settle('confirmed', { after: held, before: failed })).toEqual(['confirmed', held.shown, 0]);
  expect(settle('confirmed', { after: held, before: held })).toEqual([
    'unverified',
    'its evidence says the same of the base, without the change',
    0,
  ]);
  expect(settle('confirmed', { after: failed })).toEqual([
    'unverified',
    'its evidence does not hold: there is no file a.ts',
    0,
  ]);
  expect(settle('confirmed', { after: undefined })).toEqual([
    'unverified',
    'it was called confirmed without evidence',
    0,
  ]);
  // What nobody could look at says nothing in either way.
  expect(settle('confirmed', { after: { ...failed, isUnseen: true } })[2]).toBe(1);
  // What is not confirmed blocks nothing, whatever is said of it.
  expect(settle('refuted', { after: held })).toEqual(['refuted', 'I say so.', 0]);
  expect(settle('unverified', { after: held })).toEqual(['unverified', 'I say so.', 0]);
});
