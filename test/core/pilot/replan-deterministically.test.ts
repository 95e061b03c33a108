import { describe, expect, it } from 'vitest';
import { replanDeterministically } from '../../../src/core/pilot/replan-deterministically.ts';
import { boundary, task } from './boundary-support.ts';

const timeout = { cause: { kind: 'deadline', isTransient: true } };

it('scenario 18: a transient failure is retried plainly within its budget', () => {
  const patch = replanDeterministically(
    boundary([task('a', 'failed', timeout), task('b', 'failed', { ...timeout, attemptsUsed: 3 }), task('c', 'failed')]),
  );
  expect(patch.attempts).toEqual([{ key: 'a', kind: 'retry' }]);
  expect(patch.failed).toEqual([{ key: 'b' }, { key: 'c' }]);
});

it('a failure of an earlier batch stays final, also a transient one', () => {
  const at = boundary(
    [task('a', 'failed', timeout), task('b', 'pending', { dependsOn: ['a'] }), task('c', 'pending')],
    { batch: [] },
  );
  expect(replanDeterministically(at)).toMatchObject({ batches: [['c']], failed: [], blocked: [{ key: 'b', on: 'a' }] });
});

it('scenario 4: the innocent rolled back task runs again', () => {
  const patch = replanDeterministically(boundary([task('a', 'failed'), task('b', 'rolled_back')]));
  expect(patch.attempts).toEqual([{ key: 'b', kind: 'rerun' }]);
  expect(patch.batches).toEqual([['b']]);
});

describe('what waits for a failure that is final', () => {
  it('is blocked with the cause, all the way down', () => {
    const patch = replanDeterministically(
      boundary([
        task('base', 'failed'),
        task('leaf', 'pending', { dependsOn: ['base'] }),
        task('tip', 'pending', { dependsOn: ['leaf'] }),
        task('free', 'pending'),
      ]),
    );
    expect(patch.blocked).toEqual([
      { key: 'leaf', on: 'base', cause: { kind: 'dependency_failed', task: 'base' } },
      { key: 'tip', on: 'leaf', cause: { kind: 'dependency_failed', task: 'leaf' } },
    ]);
    expect(patch.batches).toEqual([['free']]);
  });

  it('scenario 36: says so when it was a foundation', () => {
    const base = task('base', 'failed', { role: 'foundation' });
    const features = ['a', 'b'].map((key) => task(key, 'pending', { dependsOn: ['base'] }));
    expect(replanDeterministically(boundary([base, ...features])).blocked.map(({ cause }) => cause)).toEqual([
      { kind: 'foundation_unsatisfied' },
      { kind: 'foundation_unsatisfied' },
    ]);
  });
});

it('scenario 20: what remains is batched by the rules of the plan', () => {
  const patch = replanDeterministically(
    boundary(
      [
        task('z', 'passed'),
        task('a', 'failed', timeout),
        task('b', 'rolled_back', { dependsOn: ['a', 'z'] }),
        task('c', 'pending'),
        task('d', 'pending', { ownedPaths: ['src/c/x.ts'] }),
        task('e', 'pending', { dependsOn: ['z'] }),
      ],
      { apart: [['e', 'c']] },
    ),
  );
  expect(patch.batches).toEqual([
    ['a', 'c'],
    ['b', 'd', 'e'],
  ]);
});

it('never advises, skips or ends anything', () => {
  const patch = replanDeterministically(boundary([task('a', 'failed', timeout), task('b', 'pending')]));
  expect(patch).toMatchObject({ skips: [], facts: [], learnings: [], givenUp: [], abort: 'none', replan: 'none' });
});
