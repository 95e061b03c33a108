import { describe, expect, it } from 'vitest';
import { orderSteps } from '../../../src/core/resource/order-steps.ts';
import { StepMatter } from '../../../src/core/resource/resource.ts';

function stagesOf(...steps: readonly object[]): string[] | string {
  const ordered = orderSteps(steps.map((step) => StepMatter.parse({ role: 'doer', ...step })));
  if (ordered.kind === 'cycle') return ordered.ids.join(' → ');
  return ordered.stages.map((stage) => stage.map(({ id }) => id).join(' ∥ '));
}

describe('the steps of a workflow', () => {
  it('follow one another in the order in which they stand', () => {
    expect(stagesOf({ id: 'a' }, { id: 'b' }, { id: 'c' })).toEqual(['a', 'b', 'c']);
  });

  it('run side by side in a group, and whoever follows waits for all of it', () => {
    const group = { parallel: 'g' };
    expect(stagesOf({ id: 'a' }, { id: 'b', ...group }, { id: 'c', ...group }, { id: 'd' })).toEqual([
      'a',
      'b ∥ c',
      'd',
    ]);
  });

  it('wait for what they name, wherever it stands', () => {
    expect(stagesOf({ id: 'a', dependsOn: ['b'] }, { id: 'b', dependsOn: [] })).toEqual(['b', 'a']);
  });

  it('that wait for each other are named', () => {
    expect(stagesOf({ id: 'a' }, { id: 'b', dependsOn: ['c'] }, { id: 'c', dependsOn: ['b'] })).toBe('b → c → b');
  });
});
