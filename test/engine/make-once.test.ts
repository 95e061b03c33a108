// What is remembered of a write of which nobody knows whether it had an effect.
import { expect, it } from 'vitest';
import { WritePostponed } from '../../src/engine/budget-writes.ts';
import { ExternalError, type Retry } from '../../src/engine/external-error.ts';
import { findMade, InDoubt, type Making, make } from '../../src/engine/make-once.ts';

const now = 1_000_000;
const open = (more: Partial<Making> = {}): Making => ({ now, known: [], doubtUntil: 0, made: [], ...more });
const failing = (error: unknown) => () => Promise.reject(error);
const lost = (retry: Retry) => new ExternalError({ system: 'github', message: '502', retry });

it('keeps what was made with its id', async () => {
  const making = open();
  await make(making, 'sticky', async () => 7);
  expect(making.made).toEqual([{ key: 'sticky', id: 7 }]);
});

it.each<Retry>(['soon', { at: now }])(
  'keeps what may have been made without an answer (%j), and makes nothing in doubt',
  async (retry) => {
    const making = open();
    await expect(make(making, 'sticky', failing(lost(retry)))).rejects.toThrow('502');
    expect(making.made).toEqual([{ key: 'sticky' }]);
    const after = open({ known: [{ key: 'sticky', at: now }] });
    await expect(findMade(after, 'sticky', async () => undefined)).rejects.toThrow(InDoubt);
  },
);

it.each([
  ['GitHub refused', lost('never')],
  ['our budget had no room for', new WritePostponed('answer', now)],
  ['a bug prevented', new TypeError('a bug')],
])('keeps nothing of what %s', async (_, error) => {
  const making = open();
  await expect(make(making, 'sticky', failing(error))).rejects.toThrow(error.message);
  expect(making.made).toEqual([]);
});
