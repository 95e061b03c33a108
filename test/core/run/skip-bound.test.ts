// What a pilot may give up is bounded over all boundaries of a run, not at each of them.
import { expect, it } from 'vitest';
import type { PilotOutcome } from '../../../src/core/model/result.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { failedAttempt, red, some } from './outcome.ts';
import { attempting } from './place.ts';

function skipping(keys: string[], batches: string[][]): PilotOutcome {
  const decision = {
    ...{ failureAnalysis: [], strategies: [], routedContext: [], learnings: [], batches },
    skip: keys.map((task) => ({ task, reason: 'It is pointless now.' })),
    ...{ verdict: 'continue', verdictReason: 'It can go on.' },
  };
  return { kind: 'decided', decision, exchange: 'exchange', seconds: 1, spend: some };
}

function failWhole(world: WorldOfDecisions): WorldOfDecisions {
  while (world.find('attempt')) world.finish('attempt', failedAttempt(red));
  return world;
}

it('a pilot that gave up all it may is refused the next task, however many boundaries lie between', () => {
  const world = attempting(['a'], ['b'], ['c'], ['d'], ['e']);
  world.run.policy.maxSkipRatio = 0.2;
  failWhole(world).finish('pilot', skipping(['e'], [['b'], ['c'], ['d']]));
  expect(world.run.boundaries.at(-1)?.source.kind).toBe('pilot');
  // At this one nothing is given up.
  failWhole(world).finish('pilot', skipping([], [['c'], ['d']]));
  failWhole(world).finish('pilot', skipping(['d'], []));
  expect(world.run.boundaries.at(-1)?.source).toMatchObject({
    kind: 'fell_back',
    why: expect.stringContaining('after 1 given up earlier'),
  });
  expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['failed', 'failed', 'failed', 'running', 'skipped']);
});
