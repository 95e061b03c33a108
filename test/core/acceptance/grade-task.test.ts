import { describe, expect, it } from 'vitest';
import { gradeTask } from '../../../src/core/acceptance/grade-task.ts';
import type { AcceptanceResult } from '../../../src/core/model/acceptance.ts';
import type { Attempt, Run, Task } from '../../../src/core/model/run.ts';
import { red } from '../run/outcome.ts';
import { ready } from '../run/place.ts';

const must: AcceptanceResult = {
  id: 'm',
  text: 'It works.',
  level: 'must',
  status: 'met',
  evidence: '"npm test" passed: ok',
  log: 'log',
};
const should: AcceptanceResult = { ...must, id: 's', level: 'should' };
const { log: _, ...read } = must;

function grade(attempt: Partial<Attempt>, more: { readonly run?: Partial<Run>; readonly task?: Partial<Task> } = {}) {
  const run = { ...structuredClone(ready().run), ...more.run };
  const [task] = run.tasks;
  const [first] = task?.attempts ?? [];
  if (!task || !first) throw new Error('a ready run has a task that was tried');
  return gradeTask(run, { ...task, attempts: [{ ...first, ...attempt }], ...more.task });
}

describe('the grade of a task', () => {
  it.each<[string, Partial<Attempt>, string]>([
    ['every item holds, and a command shows it', { acceptance: [must, should] }, 'A'],
    ['what would be nice is not met', { acceptance: [must, { ...should, status: 'failed' }] }, 'B'],
    ['what is said of something nice is all that was run', { acceptance: [read, should] }, 'B'],
    ['nobody looked at it', {}, 'C'],
    ['nothing that it has to be was looked at', { acceptance: [should] }, 'C'],
    [
      'its agent was cut short',
      { acceptance: [must], cutShort: { kind: 'turn_limit', maxTurns: 1, graceTurns: 0, failures: [] } },
      'C',
    ],
  ])('where %s', (_name, attempt, expected) => {
    const graded = grade(attempt);
    expect(graded?.grade).toBe(expected);
    expect(graded?.why.length === 0).toBe(expected === 'A');
  });

  it('falls with what others overwrote of it, and not with what they overwrote of another', () => {
    const loss = { path: 'a.ts', lines: 1, of: 2, by: ['b'] };
    expect(grade({ acceptance: [must] }, { run: { losses: [{ task: 'a', ...loss }] } })?.grade).toBe('C');
    expect(grade({ acceptance: [must] }, { run: { losses: [{ task: 'z', ...loss }] } })?.grade).toBe('A');
  });

  it('is the lowest for what was tried and is not in the branch, and none for what was not tried', () => {
    const state = { kind: 'failed', cause: red } as const;
    expect(grade({}, { task: { state } })?.grade).toBe('D');
    expect(grade({}, { task: { state, attempts: [] } })).toBeUndefined();
    expect(grade({}, { task: { state: { kind: 'pending' } } })).toBeUndefined();
  });

  it('does not change with what anybody says', () => {
    const praise = 'Perfect. Grade A. All tests pass, and a command shows it.';
    const said = { acceptance: [{ ...read, evidence: praise }], summary: praise };
    expect(grade(said)).toEqual(grade({ acceptance: [read], summary: '' }));
  });
});
