import fc from 'fast-check';
import { expect, it } from 'vitest';
import { continuePlan } from '../../../src/core/plan/continue-plan.ts';
import { normalisePlan } from '../../../src/core/plan/normalise-plan.ts';
import { plan, relation, task } from './plan-support.ts';

it('lets new tasks wait for what is merged, and gives a key that was used another name wherever it stands', () => {
  const tasks = [task('api'), task('page', { dependsOn: ['api', 'base'] })];
  const earlier = { done: new Set(['base']), taken: new Set(['base', 'api', 'api-2']) };
  const { plan: continued, adjustments } = continuePlan(plan(tasks, [relation('additive', 'page', 'api')]), earlier);
  expect(continued.tasks.map(({ key, dependsOn }) => [key, dependsOn])).toEqual([
    ['api-3', []],
    ['page', ['api-3']],
  ]);
  expect(continued.relations).toMatchObject([{ a: 'page', b: 'api-3' }]);
  expect(adjustments).toEqual([{ kind: 'task_renamed', from: 'api', to: 'api-3' }]);
  expect(normalisePlan(continued).kind).toBe('batched');
});

it('leaves the first plan of a run as it is', () => {
  const first = plan([task('a'), task('b', { dependsOn: ['a'] })]);
  expect(continuePlan(first, { done: new Set(), taken: new Set() })).toEqual({ plan: first, adjustments: [] });
});

it('never gives out a key that was used, and keeps every task', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'a-2', 'b-2', 'a-3');
  const keys = fc.uniqueArray(key, { minLength: 1 });
  fc.assert(
    fc.property(keys, fc.uniqueArray(key), fc.uniqueArray(key), (own, done, others) => {
      const taken = new Set<string>([...done, ...others]);
      const next = plan(own.map((name) => task(name)));
      const named = continuePlan(next, { done: new Set(done), taken }).plan.tasks.map(({ key: name }) => name);
      expect(new Set(named).size).toBe(own.length);
      expect(named.filter((name) => taken.has(name))).toEqual([]);
    }),
  );
});
