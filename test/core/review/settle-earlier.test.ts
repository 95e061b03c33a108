import { expect, it } from 'vitest';
import type { Finding } from '../../../src/core/model/finding.ts';
import { type EarlierSeen, settleEarlier } from '../../../src/core/review/settle-earlier.ts';
import { found } from '../run/outcome.ts';

const holds = { kind: 'holds', shown: 'it was seen' } as const;
const fails = { kind: 'fails', why: 'it was not seen' } as const;
const unseen = { ...fails, isUnseen: true } as const;
const trace = { kind: 'trace', path: 'a.ts', from: 1, to: 1, quote: 'x / 0' } as const;
const command = { kind: 'command', command: 'grep -q 0 a.ts' } as const;
const nothing: EarlierSeen = { mistake: undefined, proof: undefined, proofBefore: undefined };

const head = 'the head of now';
const known = found({ id: 'F-1', evidence: trace, why: 'a.ts says it', head: 'the first head' });

const settle = (
  said: 'confirmed' | 'unverified' | 'refuted' | 'fixed',
  seen: Partial<EarlierSeen> = {},
  evidence: typeof trace | typeof command = trace,
) => settleEarlier({ ...known, evidence }, { status: said }, { seen: { ...nothing, ...seen }, head });

it('what was confirmed is there as long as nobody says that it is gone, whatever else is said of it', () => {
  expect(settle('unverified', { mistake: fails, proof: holds, proofBefore: fails })).toEqual(known);
  for (const mistake of [holds, unseen, undefined])
    expect(settle('confirmed', { mistake, proof: holds, proofBefore: fails })).toEqual(known);
});

it('what is confirmed again, and shown by what was not looked for before, is gone only where that is', () => {
  const other = { ...trace, quote: 'x / zero' };
  const again = (
    evidence: NonNullable<Finding['evidence']> | undefined,
    seen: Partial<EarlierSeen>,
    earlier: Finding = known,
  ) =>
    settleEarlier(
      earlier,
      { status: 'confirmed', ...(evidence ? { evidence } : {}) },
      { seen: { ...nothing, mistake: fails, ...seen }, head },
    );
  expect(again(other, { proof: holds })).toEqual({ ...known, evidence: other, head, why: 'it was seen' });
  expect(again(command, { proof: holds, proofBefore: fails })).toMatchObject({ evidence: command, head });
  const { evidence: _, ...bare } = known;
  expect(again(other, { mistake: undefined, proof: holds }, bare)).toMatchObject({ evidence: other, head });
  // That what showed it before was absent while it was confirmed says nothing about it later.
  const why = 'it is confirmed again, and what showed it before does not any more: it was not seen';
  for (const proof of [fails, unseen, undefined]) expect(again(other, { proof })).toEqual({ ...bare, why });
  // A command that passes on the base shows nothing of the change.
  for (const proofBefore of [holds, unseen, undefined])
    expect(again(command, { proof: holds, proofBefore })).toEqual({ ...bare, why });
});

it('a word that it is gone, without anything that was looked at, makes nothing go away', () => {
  for (const said of ['fixed', 'refuted'] as const)
    expect(settle(said)).toMatchObject({
      status: 'confirmed',
      why: 'it is said to be gone, and nothing that was looked at shows it',
    });
  expect(settle('fixed', { mistake: holds }).status).toBe('confirmed');
  expect(settle('fixed', { mistake: unseen }).status).toBe('confirmed');
});

it('it is gone where what mends it is there now and was not before, or where what showed it is not there any more', () => {
  expect(settle('fixed', { mistake: holds, proof: holds, proofBefore: fails })).toMatchObject({
    status: 'fixed',
    why: 'it was seen',
  });
  expect(settle('fixed', { mistake: fails })).toMatchObject({ status: 'fixed' });
  // What says the same of the head that had the mistake says nothing, and neither does what nobody could look at there.
  for (const proofBefore of [holds, unseen, undefined])
    expect(settle('fixed', { mistake: holds, proof: holds, proofBefore }).status).toBe('confirmed');
});

it('a command that only the mistake lets pass is believed before any proof that it is gone', () => {
  expect(settle('fixed', { mistake: holds, proof: holds, proofBefore: fails }, command).status).toBe('confirmed');
  expect(settle('fixed', { mistake: fails }, command).status).toBe('fixed');
});
