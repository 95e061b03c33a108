// Workers of several hosts may have proved different things, and a run is admitted by what the host proved that decided. Whoever
// works on an attempt goes by its own host: it refuses before an agent starts, and the run says what is missing there.
import { expect, it } from 'vitest';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { comment, failedAttempt, nothing } from './outcome.ts';
import { attempting } from './place.ts';

const denied = {
  kind: 'sandbox_denied',
  capability: 'allowlist',
  why: 'its proof failed when the worker started: mend the host and start the worker again',
} as const;

it('an attempt that its host cannot hold fails at once by the name of the capability, costs nothing, and may be retried elsewhere', () => {
  const world = attempting(['a'], ['b']);
  for (const task of world.run.tasks) if (task.key === 'b') task.dependsOn = ['a'];
  world.finish('attempt', failedAttempt(denied, nothing));
  // Nobody is asked to try the same again on the chance of another host.
  while (world.find('pilot'))
    world.finish('pilot', { kind: 'fell_back', why: 'it did not answer', seconds: 1, spend: nothing });
  expect(world.run.tasks.map(({ key, state, attempts }) => [key, state.kind, attempts.length])).toEqual([
    ['a', 'failed', 1],
    ['b', 'blocked', 0],
  ]);
  expect(world.run.state.kind).toBe('failed');
  expect(renderSticky(world.run, 1)).toContain('No sandbox here can give "allowlist": its proof failed');
  comment(world, '/pilot retry a').settle();
  expect(world.find('attempt')?.action).toMatchObject({ task: 'a', number: 2 });
});
