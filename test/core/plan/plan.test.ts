import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Plan } from '../../../src/core/plan/plan.ts';
import { plan, relation, task } from './plan-support.ts';

const valid = plan(
  [task('task-1', { workflow: 'default' }), task('task-10')],
  [relation('additive', 'task-1', 'task-10')],
);

it('reads a plan', () => {
  expect(Plan.parse(valid)).toEqual(valid);
});

it('can be given to a model as a JSON schema that says what each field means', () => {
  const schema = JSON.stringify(z.toJSONSchema(Plan));
  expect(schema).toContain('additionalProperties":false');
  expect(schema).toContain('The only places this task may change');
});

describe('refuses', () => {
  const broken = { a: 'b' };
  it.each([
    ['an unknown field', { ...valid, extra: 1 }],
    ['a field that belongs elsewhere', plan([{ ...task('a'), ...broken }])],
    ['no tasks', plan([])],
    ['more than 30 tasks', plan(Array.from({ length: 31 }, (_, at) => task(`t${at}`)))],
    ['a key with a slash', plan([task('a/b')])],
    ['a key in capitals', plan([task('Task')])],
    ['a key that is too long', plan([task('a'.repeat(41))])],
    ['an unknown role', { ...valid, tasks: [{ ...task('a'), role: 'boss' }] }],
    ['an unknown relation', { ...valid, relations: [{ ...relation('additive', 'a', 'b'), kind: 'friends' }] }],
    ['a task without acceptance', plan([task('a', { acceptance: [] })])],
    ['an empty path', plan([task('a', { ownedPaths: [' '] })])],
    ['a text without end', plan([task('a', { prompt: 'x'.repeat(20_001) })])],
  ])('%s', (_, input) => {
    expect(Plan.safeParse(input).success).toBe(false);
  });
});
