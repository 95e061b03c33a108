// `labels.prefix`: what stands before the colon of every label of the bot, heard and shown.
import { describe, expect, it } from 'vitest';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, mona } from './outcome.ts';

const named = 'verify: { commands: [npm test], baseline: false }\nlabels: { prefix: Robo }\n';

function withPrefix(policyText = named, world = new WorldOfDecisions()): WorldOfDecisions {
  if (world.facts) world.facts = { ...world.facts, policyText };
  return world;
}

const show = (world: WorldOfDecisions) => renderView(world.record, { outbox: [], now: world.now });
const off = { isTakenOff: true } as const;

describe('labels with a prefix of the repository', () => {
  it.each(['robo:run', 'Robo:Run'])('%s starts a run, and the usual one does not', (name) => {
    expect(label(withPrefix(), 'pilot:run').settle().record.run).toBeUndefined();
    expect(label(withPrefix(), name).settle().run.state.kind).toBe('planning');
    expect(label(new WorldOfDecisions(), 'robo:run').settle().record.run).toBeUndefined();
  });

  it('say how a run stands, and one that somebody takes off is set right', () => {
    const world = label(withPrefix(), 'robo:run').settle();
    const { labels, stateLabels } = show(world);
    expect(labels).toEqual([{ thread: 1, has: 'Robo:working', without: ['robo:run'] }]);
    expect(stateLabels).toEqual(expect.arrayContaining(['Robo:ready', 'pilot:ready']));
    const { wanted } = world.record.presentation;
    label(world, 'robo:working', mona, off).settle();
    expect(world.record.presentation.wanted).toBeGreaterThan(wanted);
  });

  it('hold and are named where somebody reads of them', () => {
    const world = label(withPrefix(), 'robo:run').settle();
    label(world, 'pilot:hold').settle();
    expect(world.record.held).toBeUndefined();
    label(world, 'robo:hold').settle();
    expect(world.record.held).toMatchObject({ label: 'robo:hold', threads: [1] });
    expect(renderHeadline(world.run)).toContain('**Held** by the label `Robo:hold`');
    comment(world, '/pilot retry').settle();
    expect(world.findReceipt('retry')?.reply).toContain('The label `robo:hold` is on');
    label(world, 'robo:hold', mona, off).settle();
    expect(world.record.held).toBeUndefined();
    label(world, 'robo:never').settle();
    comment(world, '/pilot unignore').settle();
    expect(world.findReceipt('unignore')?.reply).toContain('The label `robo:never` is on');
  });

  it('that are on hold by their old name until they are off, when the settings change', () => {
    const world = label(withPrefix(), 'robo:hold').settle();
    withPrefix('verify: { commands: [npm test] }\n', world);
    label(world, 'robo:hold', mona, off).settle();
    expect(world.record.held).toBeUndefined();
  });

  it('are heard in an outage by what the newest run knows, else by what is on', () => {
    const world = label(withPrefix(), 'robo:run').settle();
    world.facts = undefined;
    label(world, 'robo:hold').settle();
    expect(world.record.held).toMatchObject({ label: 'robo:hold' });
    const idle = label(withPrefix(), 'robo:hold').settle();
    idle.facts = undefined;
    label(idle, 'robo:hold', mona, off).settle();
    expect(idle.record.held).toBeUndefined();
  });
});
