import { describe, expect, it } from 'vitest';
import { isAbortEffective } from '../../../src/core/pilot/replan-deterministically.ts';
import { applied, boundary, refused, retry, retryDifferently, skip, task } from './boundary-support.ts';

const mixed = boundary([
  task('a', 'passed'),
  task('b', 'failed'),
  task('c', 'rolled_back'),
  task('d', 'pending'),
  task('e', 'pending'),
]);

describe('tasks that cannot share a batch', () => {
  it('by their paths', () => {
    const at = boundary([task('x', 'failed'), task('a', 'pending', { ownedPaths: ['src/**'] }), task('b', 'pending')]);
    expect(refused(at, { batches: [['b', 'a']] })).toEqual([
      '`a` and `b` own overlapping paths and cannot share a batch.',
    ]);
  });

  it('by their relation in the plan', () => {
    const at = boundary([task('x', 'failed'), task('a', 'pending'), task('b', 'pending')], { apart: [['b', 'a']] });
    expect(refused(at, { batches: [['a', 'b']] })).toEqual([
      '`a` and `b` touch the same ground according to the plan and cannot share a batch.',
    ]);
  });
});

describe('what waits for a failed task', () => {
  const at = boundary([
    task('base', 'failed', { role: 'foundation' }),
    task('leaf', 'rolled_back', { dependsOn: ['base'] }),
    task('tip', 'pending', { dependsOn: ['leaf'] }),
    task('free', 'pending'),
  ]);

  it('is blocked with the cause when the failed one is left out', () => {
    const patch = applied(at, { batches: [['free']] });
    expect(patch.blocked).toEqual([
      { key: 'leaf', on: 'base', cause: { kind: 'foundation_unsatisfied' } },
      { key: 'tip', on: 'leaf', cause: { kind: 'dependency_failed', task: 'leaf' } },
    ]);
    expect(patch.givenUp).toEqual([]);
  });

  it('runs after it when it is re-admitted', () => {
    const patch = applied(at, { strategies: [retry('base')], batches: [['base', 'free'], ['leaf'], ['tip']] });
    expect(patch.attempts.map(({ key, kind }) => [key, kind])).toEqual([
      ['base', 'retry'],
      ['leaf', 'rerun'],
      ['tip', 'first'],
      ['free', 'first'],
    ]);
  });

  it('is blocked rather than skipped when it is named in skip too', () => {
    const patch = applied(at, { skip: [skip('leaf'), skip('tip')], batches: [['free']] });
    expect(patch.skips).toEqual([]);
    expect(patch.blocked.map(({ key }) => key)).toEqual(['leaf', 'tip']);
  });
});

it('an innocent task without an attempt left ends with the budget as its cause', () => {
  const at = boundary([task('a', 'failed'), task('b', 'rolled_back', { attemptsUsed: 3 })]);
  expect(applied(at, { strategies: [retry('a')], batches: [['a']] }).spent).toEqual([
    { key: 'b', cause: { kind: 'budget', limit: 'max_attempts', value: 3, spent: 3 } },
  ]);
  expect(refused(at, { strategies: [retry('a')], batches: [['a', 'b']] })).toEqual([
    '`b` cannot run again: 3 of its 3 attempts are used.',
  ]);
});

it.each([
  [
    'two strategies for one task',
    { strategies: [retry('b'), retryDifferently('b')] },
    'strategies has more than one entry for `b`: give it one.',
  ],
  [
    'a retry of what it skips',
    { strategies: [retry('b')], skip: [skip('b')] },
    '`b` is both to be retried and skipped: choose one.',
  ],
  [
    'retry_different without guidance',
    { strategies: [retryDifferently('b', ' ')] },
    'retry_different for `b` needs guidance that says what to do otherwise.',
  ],
  [
    'endless guidance',
    { strategies: [retryDifferently('b', 'x'.repeat(2_001))] },
    'The guidance for `b` has 2001 characters, and at most 2000 are allowed.',
  ],
  [
    'too many facts',
    { routedContext: Array.from({ length: 11 }, () => ({ to: 'd', fact: 'x' })) },
    'routedContext has 11 facts, and at most 10 are allowed: keep the ones that change what a task does.',
  ],
  [
    'an endless fact',
    { routedContext: [{ to: 'd', fact: 'x'.repeat(501) }] },
    'A fact for `d` has 501 characters, and at most 500 are allowed.',
  ],
  [
    'a fact from nobody',
    { routedContext: [{ to: 'd', fact: 'x', from: 'ghost' }] },
    'routedContext names `ghost`, which is no task of this run.',
  ],
  [
    'too many learnings',
    { learnings: Array.from({ length: 6 }, () => 'x') },
    'There are 6 learnings, and at most 5 are allowed.',
  ],
  [
    'an endless learning',
    { learnings: ['x', 'x'.repeat(501)] },
    'Learning 2 has 501 characters, and at most 500 are allowed.',
  ],
  [
    'a skipped task in batches',
    { skip: [skip('d')], batches: [['c', 'd', 'e']] },
    '`d` is skipped and also stands in batches: choose one.',
  ],
])('a decision with %s is rejected', (_, made, sentence) => {
  expect(refused(mixed, made)).toContain(sentence);
});

it.each(['skipped', 'blocked', 'conflicted'] as const)('a task that is already %s cannot come back', (state) => {
  const at = boundary([task('a', 'failed'), task('b', state), task('c', 'pending')]);
  expect(refused(at, { strategies: [retry('b')], batches: [['c', 'b']] })).toEqual(
    ['strategies', 'batches'].map(
      (field) => `${field} names \`b\`, which is already ${state} and cannot run any more.`,
    ),
  );
});

it('a task that failed in an earlier batch is final', () => {
  const at = boundary([task('a', 'failed'), task('b', 'failed'), task('c', 'pending')], { batch: ['b'] });
  expect(refused(at, { strategies: [retry('a')], batches: [['c', 'a']] })).toEqual(
    ['strategies', 'batches'].map((field) => `${field} names \`a\`, which is already failed and cannot run any more.`),
  );
  expect(applied(at, { batches: [['c']] }).failed).toEqual([{ key: 'b' }]);
});

it('a fact may come from a task that passed', () => {
  const patch = applied(mixed, { routedContext: [{ to: 'd', fact: 'x', from: 'a' }], batches: [['c', 'd', 'e']] });
  expect(patch.facts).toEqual([{ key: 'd', facts: [{ fact: 'x', from: 'a' }] }]);
});

it('names of unknown keys cannot break out of a sentence', () => {
  expect(refused(mixed, { skip: [skip('`x`\n## Done')], batches: [['c', 'd', 'e']] })).toEqual([
    'skip names `?x???? Done`, which is no task of this run.',
  ]);
});

describe('the verdict', () => {
  it('abort is only a request, which work for the deterministic arm overrules', () => {
    expect(applied(mixed, { verdict: 'abort' }).abort).toBe('requested');
    expect(isAbortEffective(mixed)).toBe(false);
    expect(isAbortEffective(boundary([task('a', 'failed')]))).toBe(true);
  });

  it('replan is a request too, once per run', () => {
    expect(applied(mixed, { verdict: 'replan' })).toMatchObject({ replan: 'requested', batches: [['c', 'd', 'e']] });
    expect(refused({ ...mixed, isReplanSpent: true }, { verdict: 'replan' })).toEqual([
      'The plan was already made anew in this run: answer continue or abort.',
    ]);
  });

  it('continue asks for nothing', () => {
    expect(applied(mixed, { batches: [['c', 'd', 'e']] })).toMatchObject({ abort: 'none', replan: 'none' });
  });
});
