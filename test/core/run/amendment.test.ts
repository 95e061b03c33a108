// A batch that is red in several files that one task made for others: one task amends all of them, and not for ever.
import { expect, it } from 'vitest';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { anchored, integrated, sha } from './outcome.ts';
import { attempting } from './place.ts';

const amend = { contract: 'a/api.ts', besides: ['a/types.ts'], owner: 'a', wish: 'FAIL a/types.ts' };

it('waits for one task that may change all of them, which people read; what was amended twice is given up', () => {
  const world = attempting(['a'], ['b', 'c'])
    .finish('attempt', anchored())
    .finish('integrate', integrated(['a']))
    .finish('attempt', anchored(sha('2')))
    .finish('attempt', anchored(sha('3')));
  const red = integrated([], { amend: { ...amend, keys: ['b', 'c'] } });
  world.finish('integrate', red);
  const states = () => Object.fromEntries(world.run.tasks.map(({ key, state }) => [key, state]));
  expect(states()).toMatchObject({ b: { on: 'amend-a-1' }, c: { on: 'amend-a-1' } });
  expect(world.run.tasks.at(-1)).toMatchObject({ key: 'amend-a-1', ownedPaths: ['a/api.ts', 'a/types.ts'] });
  expect(renderSticky(world.run, 1)).toContain('waits until `amend-a-1` has changed `a/api.ts`, `a/types.ts` |');
  for (const number of [1, 2]) {
    world.finish('attempt', anchored(sha(String(number + 3)))).finish('integrate', integrated([`amend-a-${number}`]));
    world.finish('integrate', red);
  }
  const cause = { kind: 'contract_blocked', path: 'a/api.ts', owner: 'a' };
  expect(states()).toMatchObject({ b: { kind: 'merge_blocked', cause }, c: { kind: 'merge_blocked', cause } });
  expect(world.run.tasks.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'amend-a-1', 'amend-a-2']);
});
