import { describe, expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { label, mallory, mona, press } from './outcome.ts';
import { attempting, stoppedEarly } from './place.ts';

it('does not tell somebody who may write that they may not, only because GitHub did not say so', () => {
  const world = new WorldOfDecisions();
  world.permissions = {};
  const [receipt] = label(world).settle().record.receipts;
  expect(receipt?.state.kind).toBe('refused');
  expect(receipt?.reply).toMatchInlineSnapshot(
    `"The label \`pilot:run\` was not heard: GitHub did not say what you may do here. Please put it on again."`,
  );
});

describe('what only holds or ends work', () => {
  it.each(['pilot:hold', 'pilot:never'])(
    'is heard in an outage from whom GitHub said before that they may: %s',
    (name) => {
      const world = attempting();
      world.permissions = {};
      label(world, name).settle();
      expect(world.findReceipt(name.replace('pilot:', ''))?.state.kind).toBe('done');
      expect(name === 'pilot:hold' ? world.record.held?.by : world.record.ignored?.by).toBe('mona');
      expect(world.listWork()).toEqual([]);
    },
  );

  it.each(['pilot:hold', 'pilot:never'])(
    'is not heard from whom nobody knows, nor from whom GitHub says that they may not: %s',
    (name) => {
      const world = attempting();
      world.permissions = { mona: 'read' };
      for (const actor of [mallory, mona]) {
        label(world, name, actor).settle();
        expect(world.record.receipts.at(-1)?.state.kind).toBe('refused');
      }
      expect([world.record.held, world.record.ignored]).toEqual([undefined, undefined]);
    },
  );

  it('proves of nobody that they may write', () => {
    const world = attempting();
    world.permissions = {};
    label(world, 'pilot:hold').settle();
    world.record.receipts = world.record.receipts.filter(({ command }) => command === 'hold');
    press(world, 'stop').settle();
    expect(world.findReceipt('stop')?.state.kind).toBe('refused');
  });

  it('starts nothing in an outage, also from whom GitHub said before that they may', () => {
    const world = stoppedEarly();
    world.permissions = {};
    label(world).settle();
    expect(world.record.receipts.at(-1)).toMatchObject({ command: 'run', state: { kind: 'refused' } });
  });
});
