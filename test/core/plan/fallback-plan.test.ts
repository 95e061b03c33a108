import { expect, it } from 'vitest';
import { fallbackPlan } from '../../../src/core/plan/fallback-plan.ts';
import { Plan } from '../../../src/core/plan/plan.ts';
import { batched } from './plan-support.ts';

it('makes the whole issue one task of the whole repository', () => {
  const result = fallbackPlan({ title: ' Add a flag ', body: 'It prints more.' });
  expect(result.tasks).toHaveLength(1);
  expect(result.tasks[0]).toMatchObject({
    title: 'Add a flag',
    prompt: 'Add a flag\n\nIt prints more.',
    ownedPaths: [],
  });
  expect(batched(result).batches).toEqual([['issue']]);
});

it.each([
  ['an empty issue', { title: '  ', body: '' }],
  ['a very long one', { title: 'x'.repeat(500), body: '😀'.repeat(40_000) }],
])('is a valid plan for %s', (_, issue) => {
  const result = fallbackPlan(issue);
  expect(Plan.safeParse(result).error).toBeUndefined();
  expect(result.tasks[0]?.prompt.isWellFormed()).toBe(true);
  expect(batched(result).batches).toEqual([['issue']]);
});
