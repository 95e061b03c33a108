import { expect, it } from 'vitest';
import { isHeadVouched } from '../../src/engine/is-head-vouched.ts';
import { repository } from '../support/world-of-decisions.ts';

const vouchedHead = { by: 'mona', head: 'a'.repeat(40), at: 1 };

it.each([
  ['by somebody who may write', 'write', { vouchedHead }, vouchedHead.head, true],
  ['by somebody who may not write any more', 'read', { vouchedHead }, vouchedHead.head, false],
  ['by somebody of whom GitHub does not say what they may do', 'unknown', { vouchedHead }, vouchedHead.head, false],
  ['for another commit', 'admin', { vouchedHead }, 'b'.repeat(40), false],
  ['by nobody', 'admin', {}, vouchedHead.head, false],
  ['where nothing is known of it', 'admin', undefined, vouchedHead.head, false],
] as const)('a head of a fork, vouched for %s', async (_, permission, record, head, expected) => {
  const github = { readPermission: async () => permission };
  expect(await isHeadVouched(github, repository, { record, head })).toBe(expected);
});
