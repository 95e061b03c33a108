import { describe, expect, it } from 'vitest';
import { grantMs, settleAfterMs } from '../../../src/core/model/lane.ts';
import { LaneWorld } from '../../support/lane-world.ts';
import { repository } from '../../support/world-of-decisions.ts';
import { sha } from '../run/outcome.ts';
import { subjectOf } from './traffic.ts';

const holdMs = 40 * 60_000;

function asks(world: LaneWorld, ...runs: readonly number[]): LaneWorld {
  for (const run of runs) {
    world.put({
      kind: 'lane_asked',
      ask: `ask-${run}`,
      subject: subjectOf(run),
      runId: 'r1',
      number: 100 + run,
      holdMs,
      repository,
      branch: 'main',
    });
  }
  return world.look();
}

function leaves(world: LaneWorld, run: number, how: { landed?: boolean; mayLand?: boolean; base?: string } = {}) {
  return world.put({ kind: 'lane_left', ask: `ask-${run}`, landed: false, mayLand: false, ...how }).look();
}

/** What it says from here on, shortly. */
function listen(world: LaneWorld): () => string[] {
  const before = new Set(world.outbox.map(({ action }) => action.id));
  return () =>
    world.outbox.flatMap(({ action }) =>
      action.kind === 'tell' && !before.has(action.id) && 'ask' in action.event
        ? [`${action.event.kind} ${action.event.ask}`]
        : [],
    );
}

describe('a free lane', () => {
  it('is granted to whoever asks, for as long as a merge takes', () => {
    const world = asks(new LaneWorld(), 1);
    expect(world.record.state).toMatchObject({
      kind: 'granted',
      holder: { ask: 'ask-1', number: 101 },
      until: world.now + grantMs,
    });
    expect(world.listSaid()).toEqual([{ kind: 'lane_granted', ask: 'ask-1', epoch: 1, until: world.now + grantMs }]);
    expect(world.outbox[0]?.action).toMatchObject({ to: subjectOf(1) });
  });

  it('is asked once, however often the message comes', () => {
    const world = asks(asks(new LaneWorld(), 1), 1);
    expect(world.record.waiting).toEqual([]);
    expect(world.record.epoch).toBe(1);
  });
});

describe('whoever waits', () => {
  it('is told its place, and has its turn in the order of arrival', () => {
    const world = asks(new LaneWorld(), 1, 2, 3);
    expect(world.listSaid().slice(1)).toEqual([
      { kind: 'lane_placed', ask: 'ask-2', epoch: 1, ahead: 1 },
      { kind: 'lane_placed', ask: 'ask-3', epoch: 1, ahead: 2 },
    ]);
    const said = listen(world);
    leaves(world, 1);
    expect(said()).toEqual(['lane_granted ask-2', 'lane_placed ask-3']);
    leaves(world, 2);
    expect(world.record.state).toMatchObject({ kind: 'granted', holder: { ask: 'ask-3' } });
    expect(world.record.epoch).toBe(3);
  });

  it('hears to where the base moved, and its turn begins with it', () => {
    const world = asks(new LaneWorld(), 1, 2, 3);
    leaves(world, 1, { landed: true, base: sha('e') });
    expect(world.listSaid()).toContainEqual({
      kind: 'base_moved',
      ask: 'ask-3',
      epoch: 1,
      branch: 'main',
      base: sha('e'),
    });
    expect(world.listSaid()).toContainEqual(
      expect.objectContaining({ kind: 'lane_granted', ask: 'ask-2', base: sha('e') }),
    );
  });

  it('and leaves is not granted anything', () => {
    const world = leaves(asks(new LaneWorld(), 1, 2), 2);
    expect(world.record.state).toMatchObject({ kind: 'granted', holder: { ask: 'ask-1' } });
    leaves(world, 1);
    expect(world.record.state.kind).toBe('idle');
  });

  it('and asks again has left its older wish behind', () => {
    const world = asks(new LaneWorld(), 1, 2, 3);
    world.put({
      kind: 'lane_asked',
      ask: 'ask-2-again',
      subject: subjectOf(2),
      runId: 'r2',
      number: 102,
      holdMs,
      repository,
      branch: 'main',
    });
    world.look();
    expect(world.record.waiting.map(({ ask }) => ask)).toEqual(['ask-3', 'ask-2-again']);
  });
});

describe('a holder', () => {
  it('that verifies first keeps the lane for longer, under the same epoch', () => {
    const world = asks(new LaneWorld(), 1);
    world.put({ kind: 'lane_held', ask: 'ask-1', epoch: 1, count: 1 }).look();
    expect(world.record.state).toMatchObject({ kind: 'granted', until: world.now + holdMs });
    expect(world.listSaid().at(-1)).toMatchObject({ kind: 'lane_granted', epoch: 1, until: world.now + holdMs });
  });

  it('that says nothing loses it, and it is not granted anew by time alone', () => {
    const world = asks(new LaneWorld(), 1, 2).pass(grantMs);
    const { now } = world;
    expect(world.record.state).toMatchObject({ kind: 'revoking', readAt: now + settleAfterMs });
    expect(world.listSaid()).toContainEqual({ kind: 'lane_revoked', ask: 'ask-1', epoch: 1 });
    world.pass(settleAfterMs - 1);
    expect(world.listOpen().map(({ action }) => action.kind)).not.toContain('settle_lane');
    world.pass(24 * 3_600_000);
    expect(world.record).toMatchObject({ epoch: 1, state: { kind: 'revoking' } });
    expect(world.listOpen().filter(({ action }) => action.kind === 'settle_lane')).toMatchObject([
      { action: { epoch: 1, number: 101 } },
    ]);
  });

  it('that was revoked and had landed moved the base for whoever comes next', () => {
    const world = asks(new LaneWorld(), 1, 2).pass(grantMs).pass(settleAfterMs);
    world.finish('settle_lane', { kind: 'settled', landed: true, base: sha('e') });
    expect(world.record).toMatchObject({
      epoch: 2,
      base: sha('e'),
      state: { kind: 'granted', holder: { ask: 'ask-2' } },
    });
  });

  it('that cannot be read is read again later, and nobody is granted anything until then', () => {
    const world = asks(new LaneWorld(), 1, 2).pass(grantMs).pass(settleAfterMs);
    world.finish('settle_lane', { kind: 'failed', why: '502', isForGood: false });
    expect(world.record).toMatchObject({ epoch: 1, state: { kind: 'revoking' } });
    world.pass(30_000).finish('settle_lane', { kind: 'settled', landed: false, base: sha('b') });
    expect(world.record).toMatchObject({ epoch: 2, base: sha('b') });
  });

  it('that GitHub does not let us read for an hour is not asked about before', () => {
    const world = asks(new LaneWorld(), 1, 2).pass(grantMs).pass(settleAfterMs);
    const until = world.now + 3_600_000;
    world.finish('settle_lane', { kind: 'failed', why: '429', isForGood: false, until });
    expect(world.record.state).toMatchObject({ kind: 'revoking', readAt: until });
  });

  it('whose repository cannot be read any more is let go', () => {
    const world = asks(new LaneWorld(), 1).pass(grantMs).pass(settleAfterMs);
    world.finish('settle_lane', { kind: 'failed', why: '404', isForGood: true });
    expect(world.record.state.kind).toBe('idle');
  });

  it('that leaves after it was revoked ends the waiting', () => {
    const world = asks(new LaneWorld(), 1, 2).pass(grantMs);
    leaves(world, 1);
    expect(world.record).toMatchObject({ epoch: 2, state: { kind: 'granted', holder: { ask: 'ask-2' } } });
  });

  it('that leaves while a call may still land is read first', () => {
    const world = leaves(asks(new LaneWorld(), 1, 2), 1, { mayLand: true });
    expect(world.record.state).toMatchObject({ kind: 'revoking', readAt: world.now + settleAfterMs });
    expect(world.record.epoch).toBe(1);
  });

  it('of an older epoch can neither hold nor lengthen', () => {
    const world = leaves(asks(new LaneWorld(), 1, 2), 1);
    const before = world.record.state;
    world.put({ kind: 'lane_held', ask: 'ask-1', epoch: 1, count: 1 }).look();
    leaves(world, 1, { landed: true, base: sha('f') });
    expect(world.record.state).toEqual(before);
  });
});

describe('what a lane does', () => {
  it('is handed out again when whoever did it died', () => {
    const world = asks(new LaneWorld(), 1);
    const [tell] = world.listOpen();
    world.begin(tell?.action.id ?? '');
    world.pass(10_000);
    expect(world.outbox).toMatchObject([{ dispatch: 2, state: { kind: 'pending' } }]);
  });

  it('counts once: a result of a replaced holder changes nothing', () => {
    const world = asks(new LaneWorld(), 1, 2).pass(grantMs).pass(settleAfterMs);
    const late = world.begin(world.listOpen().find(({ action }) => action.kind === 'settle_lane')?.action.id ?? '');
    world.pass(10_000).report(late, { kind: 'settled', landed: false });
    expect(world.record.state.kind).toBe('revoking');
  });
});
