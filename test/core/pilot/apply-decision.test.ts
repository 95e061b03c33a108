import { describe, expect, it } from 'vitest';
import { applyDecision } from '../../../src/core/pilot/apply-decision.ts';
import { isAbortEffective } from '../../../src/core/pilot/replan-deterministically.ts';
import { applied, boundary, decision, refused, retry, retryDifferently, skip, task } from './boundary-support.ts';

const mixed = boundary([
  task('a', 'passed'),
  task('b', 'failed'),
  task('c', 'rolled_back'),
  task('d', 'pending'),
  task('e', 'pending'),
]);

it('scenario 4: an innocent task runs again with guidance', () => {
  const at = boundary([task('a', 'failed', { attemptsUsed: 3 }), task('b', 'rolled_back')]);
  const patch = applied(at, { strategies: [{ ...retry('b'), guidance: 'Register the handler.' }], batches: [['b']] });
  expect(patch.attempts).toEqual([
    { key: 'b', kind: 'rerun', guidance: 'Register the handler.', reason: 'It may pass now.' },
  ]);
  expect(patch.failed).toEqual([{ key: 'a' }]);
});

it('scenario 7: skips through both fields leave only the rest to run', () => {
  const patch = applied(mixed, {
    strategies: [{ task: 'd', action: 'skip', reason: 'Not needed.' }],
    skip: [skip('e')],
    batches: [['c']],
  });
  expect(patch.batches).toEqual([['c']]);
  expect(patch.skips).toEqual([
    { key: 'd', reason: 'Not needed.', cause: { kind: 'pilot' } },
    { key: 'e', reason: 'It is pointless now.', cause: { kind: 'pilot' } },
  ]);
  expect(patch.givenUp).toEqual(['d', 'e']);
  expect(patch.failed).toEqual([{ key: 'b' }]);
});

it('scenario 8: one valid and one unknown key reject the whole decision and change nothing', () => {
  const before = structuredClone(mixed);
  const made = { skip: [skip('d'), skip('ghost')], batches: [['c', 'e']] };
  expect(refused(mixed, made)).toEqual(['skip names `ghost`, which is no task of this run.']);
  expect(Object.keys(applyDecision(mixed, decision(made)))).toEqual(['kind', 'rejections']);
  expect(mixed).toEqual(before);
});

it('scenario 9: a passed task cannot be skipped, nor touched in any other way', () => {
  expect(refused(mixed, { skip: [skip('a')], batches: [['c', 'd', 'e']] })).toEqual([
    'skip names `a`, which has passed and cannot be changed any more.',
  ]);
  const everywhere = {
    failureAnalysis: [{ task: 'a', cause: 'code', why: 'x' } as const],
    strategies: [retry('a')],
    routedContext: [{ to: 'a', fact: 'x' }],
    batches: [['a', 'c', 'd', 'e']],
  };
  expect(refused(mixed, everywhere)).toEqual(
    ['failureAnalysis', 'strategies', 'routedContext', 'batches'].map(
      (field) => `${field} names \`a\`, which has passed and cannot be changed any more.`,
    ),
  );
});

describe('scenario 10', () => {
  const at = boundary([
    task('red', 'failed'),
    task('base', 'pending'),
    task('leaf', 'pending', { dependsOn: ['base'] }),
    task('other', 'pending'),
  ]);

  it.each([
    ['left out of batches', [['other']]],
    ['still in batches', [['other'], ['leaf']]],
  ])('skipping a base skips its dependent, %s, with the cause', (_, batches) => {
    const patch = applied(at, { skip: [skip('base')], batches });
    expect(patch.batches).toEqual([['other']]);
    expect(patch.skips).toEqual([
      { key: 'base', reason: 'It is pointless now.', cause: { kind: 'pilot' } },
      {
        key: 'leaf',
        reason: 'It depends on `base`, which is skipped.',
        cause: { kind: 'dependency_skipped', task: 'base' },
      },
    ]);
  });

  it('dependents count against the bound on skips', () => {
    expect(refused({ ...at, maxSkipRatio: 0.25 }, { skip: [skip('base')], batches: [['other']] })).toEqual([
      'The decision gives up `base`, `leaf` after 0 given up earlier, and at most 1 may be given up in this run.',
    ]);
  });
});

describe('scenario 11', () => {
  const at = boundary([task('x', 'failed'), task('base', 'pending'), task('leaf', 'pending', { dependsOn: ['base'] })]);

  it.each([[[['leaf'], ['base']]], [[['base', 'leaf']]]])(
    'a dependent before or beside its base is rejected: %j',
    (batches) => {
      expect(refused(at, { batches })).toEqual([
        '`leaf` must stand in a later batch than `base`, which it depends on.',
      ]);
    },
  );

  it('the right order is applied', () => {
    expect(applied(at, { batches: [['base'], [], ['leaf']] }).batches).toEqual([['base'], ['leaf']]);
  });
});

it.each([
  ['drop a key', [['c', 'd']], '`e` is neither in batches nor skipped: place it.'],
  ['double a key', [['c', 'd', 'e'], ['d']], '`d` stands in batches more than once: place it once.'],
  ['add a key', [['c', 'd', 'e', 'new']], 'batches names `new`, which is no task of this run.'],
  [
    'add a failed key without a strategy',
    [['b', 'c', 'd', 'e']],
    'batches holds the failed task `b`, which runs again only with a retry or retry_different in strategies.',
  ],
])('scenario 12: batches that %s are rejected', (_, batches, sentence) => {
  expect(refused(mixed, { batches })).toEqual([sentence]);
});

describe('scenario 13', () => {
  it('a failed task with budget left is re-admitted with its guidance', () => {
    const patch = applied(mixed, { strategies: [retryDifferently('b')], batches: [['c', 'd', 'e'], ['b']] });
    expect(patch.batches).toEqual([['c', 'd', 'e'], ['b']]);
    expect(patch.attempts[0]).toEqual({
      key: 'b',
      kind: 'retry_different',
      guidance: 'Use the other runner.',
      reason: 'The runner was wrong.',
    });
    expect(patch.failed).toEqual([]);
  });

  it('one without is rejected with the reason', () => {
    const at = boundary([task('b', 'failed', { attemptsUsed: 3 }), task('d', 'pending')]);
    expect(refused(at, { strategies: [retryDifferently('b')], batches: [['d'], ['b']] })).toEqual([
      '`b` cannot run again: 3 of its 3 attempts are used.',
    ]);
  });

  it('a re-admitted task without a place is rejected', () => {
    expect(refused(mixed, { strategies: [retry('b')], batches: [['c', 'd', 'e']] })).toEqual([
      '`b` is neither in batches nor skipped: place it.',
    ]);
  });

  it('one whose base does not run again is rejected', () => {
    const at = boundary([
      task('base', 'failed'),
      task('leaf', 'failed', { dependsOn: ['base'] }),
      task('d', 'pending'),
    ]);
    expect(refused(at, { strategies: [retry('leaf')], batches: [['d', 'leaf']] })).toEqual([
      '`leaf` cannot be retried, because `base`, which it depends on, has not passed and does not run again.',
    ]);
  });
});

it('scenario 15: guidance and facts go to exactly the task that they name', () => {
  const at = boundary([task('task-1', 'failed'), task('task-10', 'failed'), task('task-2', 'pending')]);
  const patch = applied(at, {
    strategies: [retryDifferently('task-1', 'for one'), retryDifferently('task-10', 'for ten')],
    routedContext: [
      { to: 'task-1', fact: 'fact for one' },
      { to: 'task-10', fact: 'fact for ten', from: 'task-1' },
      { to: 'task-1', fact: 'another for one' },
    ],
    batches: [['task-1', 'task-10', 'task-2']],
  });
  expect(patch.attempts.map(({ key, guidance }) => [key, guidance])).toEqual([
    ['task-1', 'for one'],
    ['task-10', 'for ten'],
    ['task-2', undefined],
  ]);
  expect(patch.facts).toEqual([
    { key: 'task-1', facts: [{ fact: 'fact for one' }, { fact: 'another for one' }] },
    { key: 'task-10', facts: [{ fact: 'fact for ten', from: 'task-1' }] },
  ]);
});

it('scenario 18: a transient failure is retried plainly, without guidance or facts', () => {
  const at = boundary([task('a', 'failed', { cause: { kind: 'deadline', isTransient: true } }), task('b', 'pending')]);
  const patch = applied(at, { strategies: [retry('a')], batches: [['a', 'b']] });
  expect(patch.attempts[0]).toEqual({ key: 'a', kind: 'retry', reason: 'It may pass now.' });
  expect(patch.facts).toEqual([]);
});

describe('scenario 19', () => {
  const keys = ['c', 'd', 'e', 'f'];
  const at = boundary([task('a', 'passed'), task('b', 'failed'), ...keys.map((key) => task(key, 'pending'))]);

  it('a mass skip is refused', () => {
    expect(refused(at, { skip: keys.map(skip) })).toEqual([
      'The decision gives up `c`, `d`, `e`, `f` after 0 given up earlier, and at most 3 may be given up in this run.',
    ]);
  });

  it('a mass skip in slices is refused as well', () => {
    expect(refused({ ...at, skippedSoFar: 2 }, { skip: [skip('c'), skip('d')], batches: [['e', 'f']] })).toEqual([
      'The decision gives up `c`, `d` after 2 given up earlier, and at most 3 may be given up in this run.',
    ]);
  });

  it('so is letting everything die with a failure that only needed time', () => {
    const waiting = keys.map((key) => task(key, 'pending', { dependsOn: ['b'] }));
    const timeout = task('b', 'failed', { cause: { kind: 'deadline', isTransient: true } });
    expect(refused(boundary([timeout, ...waiting]), {})).toEqual([
      'The decision gives up `b`, `c`, `d`, `e`, `f` after 0 given up earlier, and at most 2 may be given up in this run.',
    ]);
  });

  it('one task may always be skipped', () => {
    expect(applied({ ...at, maxSkipRatio: 0 }, { skip: [skip('c')], batches: [['d', 'e', 'f']] }).givenUp).toEqual([
      'c',
    ]);
  });
});

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
