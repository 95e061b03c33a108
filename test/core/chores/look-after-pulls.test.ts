// Pull requests that no run made: when they are looked at, who is told of them, and what is heard of in between.
import { describe, expect, it } from 'vitest';
import type { PullsOutcome } from '../../../src/core/model/result.ts';
import { ChoresWorld } from './chores-world.ts';

type Seen = Extract<PullsOutcome, { kind: 'seen' }>;

const dayMs = 24 * 3_600_000;
const minuteMs = 60_000;
const counted = 'base/github.test/7/main';

function see(world: ChoresWorld, more: Partial<Seen> = {}): ChoresWorld {
  const outcome: Seen = { kind: 'seen', branch: 'main', pages: 1, told: 0, rule: 'observe', ...more };
  return world.begin('look_at_pulls').end('look_at_pulls', outcome);
}

/** Everybody was told, and pushes are heard. */
function settled(): ChoresWorld {
  return see(see(new ChoresWorld().cover(), { told: 3 }));
}

const asked = (world: ChoresWorld) => world.asked('look_at_pulls');

describe('the open pull requests of a repository', () => {
  it('are all told once it is covered, however often that is said', () => {
    const world = new ChoresWorld().cover();
    const [look] = asked(world);
    expect(look).toMatchObject({ isWhole: true });
    expect(look).not.toHaveProperty('rule');
    expect(asked(world.cover().cover())).toEqual([look]);
    expect(asked(settled().cover())).toEqual([]);
  });

  it('are looked at once more as soon as pushes are heard: one before that was heard by nobody', () => {
    const world = new ChoresWorld().cover();
    expect(world.census).toEqual([]);
    see(world, { told: 3 });
    expect(world.census).toEqual([counted]);
    expect(asked(world)).toMatchObject([{ isWhole: false, rule: 'observe' }]);
    expect(asked(see(world))).toEqual([]);
    // Nothing is heard of a branch that is the default one no more.
    expect(asked(see(world.push().pass(minuteMs), { branch: 'trunk' }))).toHaveLength(1);
    expect(world.census).toEqual(['base/github.test/7/trunk']);
  });

  it('are looked at soon after a push to the default branch, once for several, and nothing else', () => {
    const world = settled();
    expect(world.push('other').pass(minuteMs).outbox).toEqual([]);
    world.push().push();
    expect(world.outbox).toEqual([]);
    expect(world.wakeAt).toBe(world.now + 2_000);
    expect(asked(world.push().pass(2_000))).toMatchObject([{ isWhole: false, rule: 'observe' }]);
    // What is pushed while somebody looks may have come too late for that.
    world.begin('look_at_pulls').push().pass(1_000);
    expect(asked(world)).toHaveLength(1);
    see(world);
    expect(asked(world.pass(1_000))).toHaveLength(1);
    expect(asked(see(world).pass(minuteMs))).toEqual([]);
  });

  it('are looked at again where GitHub does not show yet what was pushed, for a while', () => {
    const world = settled().push('main', 'new').pass(2_000);
    for (let look = 0; look < 3; look += 1) {
      expect(asked(see(world, { commit: 'old' }))).toEqual([]);
      expect(asked(world.pass(15_000))).toMatchObject([{ isWhole: false }]);
    }
    // Or somebody has pushed since, and that is told late.
    expect(asked(see(world, { commit: 'old' }).pass(minuteMs))).toEqual([]);
    world.push('main', 'new').pass(2_000);
    expect(asked(see(world, { commit: 'new' }).pass(minuteMs))).toEqual([]);
  });

  it('are told some at a time, the more slowly the more there are', () => {
    const world = settled().push().pass(5_000);
    see(world, { told: 25, pages: 3, rule: 'review', rest: { before: 400, isMoved: true } });
    expect(asked(world.pass(3 * minuteMs - 1))).toEqual([]);
    expect(asked(world.pass(1))).toMatchObject([
      { isWhole: false, rule: 'review', rest: { before: 400, isMoved: true } },
    ]);
    // Nobody knows of the new rule but those that were told: until all are, what everybody knows is the old one.
    expect(world.record.pulls?.rule).toBe('observe');
    see(world, { told: 7, rule: 'review' });
    expect(world.record.pulls).toMatchObject({ rule: 'review' });
    expect(world.record.pulls).not.toHaveProperty('rest');
    expect(world.lines.filter((kind) => kind === 'listed')).toHaveLength(3);
  });

  it('are all told again within a day, by whoever looks first then', () => {
    const world = settled();
    expect(asked(world.pass(dayMs - 1))).toEqual([]);
    expect(asked(world.pass(1))).toMatchObject([{ isWhole: true }]);
    see(world, { told: 25, rest: { before: 8, isMoved: false } });
    expect(asked(world.pass(minuteMs))).toMatchObject([{ isWhole: false, rest: { before: 8, isMoved: false } }]);
    expect(asked(see(world).pass(dayMs - minuteMs - 1))).toEqual([]);
  });

  it('are told anew when there is one again: nobody asked meanwhile what the settings say', () => {
    const { rule: _, ...none } = { kind: 'seen', branch: 'main', pages: 1, told: 0, rule: '' } as const;
    const world = settled().push().pass(5_000).begin('look_at_pulls').end('look_at_pulls', none);
    expect(world.record.pulls).not.toHaveProperty('rule');
    const [look] = asked(world.push().pass(5_000));
    expect(look).not.toHaveProperty('rule');
  });

  it('are looked at again after a failure, later and later, and never given up', () => {
    const world = settled().push().pass(5_000);
    const pauses = Array.from({ length: 12 }, () => {
      world.begin('look_at_pulls').end('look_at_pulls', { kind: 'failed', why: '502' });
      const pause = (world.wakeAt ?? 0) - world.now;
      expect(asked(world.pass(pause))).toHaveLength(1);
      return pause;
    });
    expect(pauses.slice(0, 3)).toEqual([30_000, minuteMs, 2 * minuteMs]);
    expect(Math.max(...pauses)).toBe(3_600_000);
    const until = world.now + 5 * 3_600_000;
    world.begin('look_at_pulls').end('look_at_pulls', { kind: 'failed', why: '403', until });
    expect(world.wakeAt).toBe(until);
    expect(see(world.pass(5 * 3_600_000)).record.pulls?.failures).toBe(0);
  });

  it('are looked at by another one where somebody died over it, who tells what was to be told', () => {
    const world = new ChoresWorld().cover().begin('look_at_pulls').pass(10_000);
    expect(asked(world)).toEqual([]);
    expect(asked(world.pass(30_000))).toMatchObject([{ isWhole: true }]);
    see(see(world, { told: 25, rest: { before: 9, isMoved: true } }), { rest: { before: 9, isMoved: true } });
    const [look] = asked(world.pass(minuteMs));
    world.begin('look_at_pulls').pass(10_000).pass(30_000);
    expect(asked(world)).toMatchObject([{ rest: { before: 9, isMoved: true } }]);
    expect(asked(world)[0]?.id).not.toBe(look?.id);
  });

  it('are left where they may not be seen, until the repository is found to be covered again', () => {
    const world = settled().push().pass(5_000);
    world.begin('look_at_pulls').end('look_at_pulls', { kind: 'refused', why: '404' });
    expect([world.census, world.outbox, world.wakeAt]).toEqual([[], [], undefined]);
    expect(asked(world.push().pass(dayMs))).toEqual([]);
    expect(asked(world.cover())).toMatchObject([{ isWhole: true }]);
  });
});
