// How long advice of the pilot holds.
import { expect, it } from 'vitest';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, failedAttempt, integrated, planned, plannedTask, red, retriesOfA, sha } from './outcome.ts';
import { planning } from './place.ts';

/** `a` failed twice beside `b`, which is merged; `c` waits. */
function afterFailure(): WorldOfDecisions {
  const tasks = [plannedTask('a'), plannedTask('b'), plannedTask('c', ['b'])];
  const world = planning().finish('plan', { ...planned(['a', 'b'], ['c']), tasks });
  for (let open = world.find('attempt')?.action; open?.kind === 'attempt'; open = world.find('attempt')?.action)
    world.finish(open.id, open.task === 'b' ? anchored() : failedAttempt(red));
  return world.finish('integrate', integrated(['b']));
}

const guidance = 'Name it otherwise.';
const guidanceOf = (world: WorldOfDecisions) => world.run.tasks.find(({ key }) => key === 'a')?.guidance;

it('advice for a task of a later batch is still there when its turn comes', () => {
  const world = afterFailure().finish('pilot', retriesOfA([['c'], ['a']], guidance));
  world.finish('attempt', anchored(sha('4'))).finish('integrate', integrated(['c'], { commit: sha('4') }));
  expect(world.find('attempt')?.action).toMatchObject({ task: 'a', number: 3 });
  expect(guidanceOf(world)).toBe(guidance);
});

it('a task that is tried again without advice has none', () => {
  const world = afterFailure();
  const task = world.run.tasks.find(({ key }) => key === 'a');
  if (task) task.guidance = 'What did not help.';
  world.finish('pilot', retriesOfA([['a'], ['c']]));
  expect(world.find('attempt')?.action).toMatchObject({ task: 'a', number: 3 });
  expect(guidanceOf(world)).toBeUndefined();
});
