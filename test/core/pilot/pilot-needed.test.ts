import { describe, expect, it } from 'vitest';
import { computeKeySets } from '../../../src/core/pilot/key-sets.ts';
import { isPilotNeeded } from '../../../src/core/pilot/pilot-needed.ts';
import { boundary, task } from './boundary-support.ts';

const mixed = [task('a', 'passed'), task('b', 'failed'), task('c', 'rolled_back'), task('d', 'pending')];

it('scenario 1: no failure, no call', () => {
  const at = boundary([task('a', 'passed'), task('b', 'pending')]);
  expect(isPilotNeeded(at)).toEqual({ kind: 'not_called', why: 'no_failure' });
});

it('scenario 2: one of two fails with a batch left, so the pilot is called with the right key sets', () => {
  const at = boundary(mixed);
  expect(isPilotNeeded(at)).toEqual({ kind: 'call' });
  expect(computeKeySets(at)).toEqual({ failed: ['b'], rolledBack: ['c'], remaining: ['d'] });
});

it('scenario 3: the only batch fails with its budget spent, so the pilot is not called', () => {
  const at = boundary([task('a', 'passed'), task('b', 'failed', { attemptsUsed: 3 })]);
  expect(isPilotNeeded(at)).toEqual({ kind: 'not_called', why: 'nothing_runnable' });
});

it('scenario 4: in the last batch one is red and one is rolled back, so the pilot is called', () => {
  const at = boundary([task('a', 'failed', { attemptsUsed: 3 }), task('b', 'rolled_back')]);
  expect(isPilotNeeded(at)).toEqual({ kind: 'call' });
  expect(computeKeySets(at)).toEqual({ failed: ['a'], rolledBack: ['b'], remaining: [] });
});

describe('the pilot is not called', () => {
  it('while the run is stopping', () => {
    expect(isPilotNeeded(boundary(mixed, { stopping: true }))).toEqual({ kind: 'not_called', why: 'stopping' });
  });

  it('when it is switched off', () => {
    expect(isPilotNeeded(boundary(mixed, { enabled: false }))).toEqual({ kind: 'not_called', why: 'disabled' });
  });

  it('for a failure of an earlier batch', () => {
    expect(isPilotNeeded(boundary(mixed, { batch: ['a'] }))).toEqual({ kind: 'not_called', why: 'no_failure' });
  });

  it('when all that is left waits for a task that cannot run again', () => {
    const at = boundary([
      task('a', 'failed', { attemptsUsed: 3 }),
      task('b', 'pending', { dependsOn: ['a'] }),
      task('c', 'pending', { dependsOn: ['b'] }),
    ]);
    expect(isPilotNeeded(at)).toEqual({ kind: 'not_called', why: 'nothing_runnable' });
    expect(computeKeySets(at)).toEqual({ failed: ['a'], rolledBack: [], remaining: [] });
  });
});

it('what waits for a failed task that may run again still counts as remaining', () => {
  const at = boundary([task('a', 'failed'), task('b', 'pending', { dependsOn: ['a'] })]);
  expect(computeKeySets(at)).toEqual({ failed: ['a'], rolledBack: [], remaining: ['b'] });
});
