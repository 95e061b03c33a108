// A command that nobody delivered, found in a list long after it was written.
import { describe, expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, mallory } from './outcome.ts';
import * as place from './place.ts';

const dayMs = 24 * 3_600_000;

function late(world: WorldOfDecisions, body: string, days: number, more = {}): WorldOfDecisions {
  return comment(world, body, { ...more, writtenAt: world.now - days * dayMs }).settle();
}

/** Nobody looks meanwhile. */
function later(days: number, world: WorldOfDecisions): WorldOfDecisions {
  world.now += days * dayMs;
  return world;
}

const fresh = () => later(100, new WorldOfDecisions());

describe('a command that was found in a list', () => {
  it('is carried out as long as GitHub could have delivered it', () => {
    const { record } = late(fresh(), '/pilot run', 2.9);
    expect(record.run?.state.kind).toBe('planning');
  });

  it('is in time when it was delivered, however long nobody looked', () => {
    const { record } = late(fresh(), '/pilot run', 9, { deliveryId: 'delivery-1' });
    expect(record.run?.state.kind).toBe('planning');
  });

  it('starts nothing after that: its author is told, with the moment of it and what to do', () => {
    const { record } = late(fresh(), '/pilot run', 9);
    expect(record.run).toBeUndefined();
    expect(record.receipts.map(({ state }) => state.kind)).toEqual(['refused']);
    expect(record.receipts[0]?.reply).toMatchInlineSnapshot(
      `"This was written at 1970-04-02 00:16 UTC and did not reach Gatepilot: GitHub delivers nothing that is older than three days. Nothing was done about it; write it again if it is still wanted."`,
    );
  });

  it.each(['/pilot merge', '/pilot retry', '/pilot skip a because', '/pilot status'])(
    'is not carried out then on a run that lives either: %s',
    (body) => {
      const world = later(9, place.ready());
      const before = world.record.run;
      const { record } = late(world, body, 8);
      expect(record.run).toEqual(before);
      expect(record.receipts.at(-1)).toMatchObject({ state: { kind: 'refused' } });
    },
  );

  it('gets one sign and no words where its author may do nothing', () => {
    const [receipt] = late(fresh(), '/pilot run', 9, { actor: mallory }).record.receipts;
    expect(receipt?.state.kind).toBe('refused');
    expect(receipt?.reply).toBeUndefined();
  });

  it('ends the work that it was written for, however late it comes', () => {
    const world = later(9, place.awaiting());
    expect(late(world, '/pilot stop', 8).record.run?.state.kind).toBe('stopped');
  });

  it('ends no run that was started after it was written', () => {
    const world = comment(fresh(), '/pilot plan').settle();
    const { record } = late(world, '/pilot stop', 8);
    expect(record.run?.state.kind).toBe('planning');
    expect(record.receipts.at(-1)).toMatchObject({ command: 'stop', state: { kind: 'refused' } });
  });
});
