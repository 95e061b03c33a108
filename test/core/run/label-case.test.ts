// GitHub knows the name of a label by any case: whoever made it first says how it is written.
import { expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { label } from './outcome.ts';

it.each(['pilot:run', 'Pilot:Run', 'PILOT:RUN'])('%s starts a run', (name) => {
  const world = label(new WorldOfDecisions(), name).settle();
  expect(world.run.state.kind).toBe('planning');
});
