import { expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { label } from './outcome.ts';

it('does not tell somebody who may write that they may not, only because GitHub did not say so', () => {
  const world = new WorldOfDecisions();
  world.permissions = {};
  const [receipt] = label(world).settle().record.receipts;
  expect(receipt?.state.kind).toBe('refused');
  expect(receipt?.reply).toMatchInlineSnapshot(
    `"The label \`pilot:run\` was not heard: GitHub did not say what you may do here. Please put it on again."`,
  );
});
