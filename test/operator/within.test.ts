import { expect, it } from 'vitest';
import { within } from '../../src/operator/doctor/within.ts';

const look = { check: 'redis', limitMs: 50, mend: 'Start it.' };

it('makes a line of what does not answer in time, and of what nobody has thought of', async () => {
  expect(await within(look, () => new Promise(() => undefined))).toEqual([
    { check: 'redis', verdict: 'fail', what: 'no answer within 0.05 seconds', mend: 'Start it.' },
  ]);
  expect(await within(look, () => Promise.reject(new Error('read a branch: GitHub answered 403')))).toEqual([
    { check: 'redis', verdict: 'fail', what: 'read a branch: GitHub answered 403', mend: 'Start it.' },
  ]);
});
