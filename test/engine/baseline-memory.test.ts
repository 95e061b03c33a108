import { expect, it } from 'vitest';
import { createBaselineMemory } from '../../src/engine/baseline-memory.ts';
import { report } from '../core/run/outcome.ts';

it('knows a green base for an hour, never a red one, and only so many', () => {
  let now = 0;
  const memory = createBaselineMemory({ now: () => now });
  memory.keep('green', report('tree'));
  memory.keep('red', report('tree', 1));
  memory.keep('nothing', { tree: 'tree', commands: [] });
  expect(['green', 'red', 'nothing'].map((key) => memory.find(key)?.tree)).toEqual(['tree', undefined, undefined]);
  for (let other = 0; other < 99; other += 1) memory.keep(`other ${other}`, report('tree'));
  expect(memory.find('green')).toBeDefined();
  memory.keep('one more', report('tree'));
  expect(memory.find('green')).toBeUndefined();
  now = 3_599_999;
  expect(memory.find('one more')).toBeDefined();
  now = 3_600_000;
  expect(memory.find('one more')).toBeUndefined();
});
