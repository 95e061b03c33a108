// What a file said before it had a mistake stays in force where the mistake is, and nowhere else.
import { expect, it } from 'vitest';
import { parsePolicyWithPast } from '../../../src/core/policy/parse-policy.ts';

const good = 'max_tasks: 5\nmax_attempts: 2\nverify: { commands: [make test] }\n';

it('keeps the last good value of a bad key over several bad versions, and takes every other key as it is now', () => {
  const now = 'max_tasks: many\nverify: { commands: 7 }\n';
  const earlier = ['max_tasks: lots\nmax_attempts: 4\nverify: { commands: [make check] }\n', good];
  const { policy, mistakes } = parsePolicyWithPast(now, earlier);
  expect(policy.max_tasks).toBe(5);
  expect(policy.verify.commands).toEqual(['make check']);
  // It is not in the file any more, and nothing is wrong with that.
  expect(policy.max_attempts).toBe(3);
  expect(mistakes.map(({ path, line, kept }) => [path, line, kept])).toEqual([
    ['max_tasks', 1, ['max_tasks']],
    ['verify.commands', 2, ['verify.commands']],
  ]);
});

it('keeps everything of the version before a file that cannot be read', () => {
  const { policy, mistakes } = parsePolicyWithPast('max_tasks: [', [good]);
  expect([policy.max_tasks, policy.max_attempts]).toEqual([5, 2]);
  expect(mistakes).toMatchObject([{ path: '', kept: ['max_tasks', 'max_attempts', 'verify.commands'] }]);
});

it('has the default where the file never said it rightly', () => {
  const { policy, mistakes } = parsePolicyWithPast('max_tasks: many\n');
  expect(policy.max_tasks).toBe(12);
  expect(mistakes).toMatchObject([{ path: 'max_tasks' }]);
  expect(mistakes[0]).not.toHaveProperty('kept');
});

it('is no excuse for a name that nobody knows: what it was to mean is not what another key said', () => {
  const { mistakes } = parsePolicyWithPast('verify: { comands: [make test] }\n', [good]);
  expect(mistakes).toMatchObject([{ kind: 'unknown_key', nearest: 'verify.commands' }]);
  expect(mistakes[0]).not.toHaveProperty('kept');
});
