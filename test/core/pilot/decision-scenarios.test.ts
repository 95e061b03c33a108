import { describe, expect, it } from 'vitest';
import { applyDecision } from '../../../src/core/pilot/apply-decision.ts';
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
