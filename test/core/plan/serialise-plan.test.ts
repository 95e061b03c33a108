import fc from 'fast-check';
import { expect, it } from 'vitest';
import { serialisePlan } from '../../../src/core/plan/serialise-plan.ts';
import { renderPlanAdjustment } from '../../../src/core/reply/render-plan-adjustment.ts';
import { anyPlan, foundation, plan, relation, task } from './plan-support.ts';

it('runs one task after the other, each after what it depends on', () => {
  const tasks = [task('c', { dependsOn: ['b'] }), task('a'), task('b', { dependsOn: ['a'] }), foundation('base')];
  expect(serialisePlan(plan(tasks)).batches).toEqual([['base'], ['a'], ['b'], ['c']]);
});

it('keeps the given order inside a cycle and drops what contradicts it', () => {
  const tasks = [task('z', { dependsOn: ['y'] }), task('x', { dependsOn: ['y'] }), task('y', { dependsOn: ['x'] })];
  const result = serialisePlan(plan(tasks));
  expect(result.batches).toEqual([['x'], ['y'], ['z']]);
  expect(result.tasks.map(({ dependsOn }) => dependsOn)).toEqual([['y'], [], ['x']]);
  expect(result.adjustments.map(renderPlanAdjustment)).toEqual([
    'The plan could not be batched, so its tasks run one after the other.',
    'The dependency of `x` on `y` cannot be kept and was dropped.',
  ]);
});

it('keeps conflicts as conflicts', () => {
  const tasks = [task('a'), task('b'), task('c', { dependsOn: ['b'] }), task('d')];
  const result = serialisePlan(plan(tasks, [relation('contradictory', 'a', 'b', 'They exclude each other.')]));
  expect(result.batches).toEqual([['d']]);
  expect(result.conflicted.map((entry) => entry.task)).toEqual(['a', 'b']);
  expect(result.blocked).toEqual([{ task: 'c', on: 'b' }]);
});

it('renames the second task of a name and drops dependencies on nobody', () => {
  const result = serialisePlan(plan([task('a', { dependsOn: ['ghost'] }), task('a'), task('a-2')]));
  expect(result.batches).toEqual([['a'], ['a-3'], ['a-2']]);
  expect(result.adjustments.map(renderPlanAdjustment)).toEqual([
    'The plan could not be batched, so its tasks run one after the other.',
    'A second task with the key `a` is called `a-3`.',
    'The dependency of `a` on `ghost` cannot be kept and was dropped.',
  ]);
});

it('accounts for every task of every plan, in an order that it keeps', () => {
  fc.assert(
    fc.property(anyPlan, (input) => {
      const { tasks, batches, conflicted, blocked } = serialisePlan(input);
      const keys = tasks.map(({ key }) => key);
      expect(keys.length).toBe(input.tasks.length);
      expect(new Set(keys).size).toBe(keys.length);
      const accounted = [...batches.flat(), ...[...conflicted, ...blocked].map((entry) => entry.task)];
      expect(accounted.sort()).toEqual([...keys].sort());
      for (const { key, dependsOn } of tasks) {
        const place = batches.findIndex((batch) => batch.includes(key));
        if (place === -1) continue;
        for (const needed of dependsOn) expect(batches.slice(0, place).flat()).toContain(needed);
      }
      expect(serialisePlan(structuredClone(input))).toEqual({ tasks, batches, conflicted, blocked, ...rest(input) });
    }),
  );
});

function rest(input: Parameters<typeof serialisePlan>[0]) {
  const { apart, adjustments } = serialisePlan(input);
  return { apart, adjustments };
}
