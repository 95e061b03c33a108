import { expect, it } from 'vitest';
import { type EarlierSeen, settleEarlier } from '../../../src/core/review/settle-earlier.ts';
import { found } from '../run/outcome.ts';

const holds = { kind: 'holds', shown: 'it was seen' } as const;
const fails = { kind: 'fails', why: 'it was not seen' } as const;
const unseen = { ...fails, isUnseen: true } as const;
const trace = { kind: 'trace', path: 'a.ts', from: 1, to: 1, quote: 'x / 0' } as const;
const command = { kind: 'command', command: 'grep -q 0 a.ts' } as const;
const nothing: EarlierSeen = { mistake: undefined, proof: undefined, proofBefore: undefined };

const settle = (
  said: 'confirmed' | 'unverified' | 'refuted' | 'fixed',
  seen: Partial<EarlierSeen> = {},
  evidence: typeof trace | typeof command = trace,
) =>
  settleEarlier(found({ id: 'F-1', evidence, why: 'a.ts says it' }), found({ status: said, why: 'I say so.' }), {
    ...nothing,
    ...seen,
  });

it('what was confirmed is there as long as nobody says that it is gone, whatever else is said of it', () => {
  for (const said of ['confirmed', 'unverified'] as const)
    expect(settle(said, { mistake: fails, proof: holds, proofBefore: fails })).toMatchObject({
      id: 'F-1',
      status: 'confirmed',
      why: 'a.ts says it',
    });
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
