// A pull request that no run made has the head of a run's: each is a subject of its own, and they tell each other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/model/message.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, pull, sha } from './outcome.ts';
import { landed, ready } from './place.ts';

type Shared = Extract<Message, { kind: 'head_shared' }>;
const shared: Shared = { kind: 'head_shared', number: 30, head: sha('1'), base: 'release', turn: 'shown-1' };

/** How the gate on a head is shown. */
function gateOf(world: WorldOfDecisions, head = sha('1')): string | undefined {
  const found = renderView(world.record).checks.find(({ headSha }) => headSha === head);
  return found?.state.kind === 'completed' ? found.state.conclusion : found?.state.kind;
}

function show(world: WorldOfDecisions, heads: { sharers: { number: number; base: string }[]; asked: number[] }) {
  const read = { number: 9, head: sha('1'), ...heads };
  const revision = world.record.presentation.wanted;
  return world.finish('present', { kind: 'presented', revision, heads: [read] });
}

describe('the subject whose check stands on a head', () => {
  it('closes its gate once it is told, shows it at once, and merges nothing', () => {
    const world = ready();
    const { wanted } = world.record.presentation;
    world.put(shared).settle();
    expect(world.record.presentation.urgent).toBeGreaterThan(wanted);
    expect(gateOf(world)).toBe('action_required');
    comment(world, '/pilot merge').settle();
    expect(world.run.state.kind).toBe('ready');
    expect(world.findReceipt('merge')?.reply).toBe(
      'Not merged: This head is also in #30 into `release`, which nobody verified.',
    );
  });

  it('opens it again once it was read that nobody else has that head', () => {
    const world = ready().put(shared).settle();
    show(world, { sharers: [], asked: [30] });
    expect(gateOf(world)).toBe('success');
  });

  it('keeps whoever it was told of while somebody else read', () => {
    const world = ready().put(shared).settle();
    world.put({ ...shared, number: 31, turn: 'shown-2' }).settle();
    show(world, { sharers: [], asked: [30] });
    expect(gateOf(world)).toBe('action_required');
    expect(world.run.pullRequest?.sharers).toEqual([{ number: 31, base: 'release' }]);
  });

  it('forgets them with the head', () => {
    const world = ready().put(shared).settle();
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    expect(world.run.pullRequest?.sharers).toBeUndefined();
  });

  it('takes the verdict of a run that is over and gone back', () => {
    const world = landed();
    world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted });
    comment(world, '/pilot run').settle();
    expect(world.run.id).toBe('r2');
    world.record.ended = [];
    world.put(shared).settle();
    expect(gateOf(world)).toBe('action_required');
    expect(renderView(world.record).checks).toMatchObject([{ isOnlyForKnown: true, headSha: sha('1') }]);
  });

  it('is never open for a head that anybody else is known to have, in whatever order that is told and read', () => {
    const others = [30, 31, 32];
    const step = fc.oneof(
      fc.record({ kind: fc.constant('told' as const), number: fc.constantFrom(...others) }),
      fc.record({ kind: fc.constant('read' as const), open: fc.subarray(others) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const world = ready();
        const known = new Set<number>();
        for (const [at, one] of steps.entries()) {
          if (one.kind === 'told') {
            world.put({ ...shared, number: one.number, turn: `${at}` }).settle();
            known.add(one.number);
          } else if (world.outbox.some(({ action }) => action.kind === 'present')) {
            // The publisher lists who has the head, and reads by itself whom the record names.
            const asked = (world.run.pullRequest?.sharers ?? []).map(({ number }) => number);
            show(world, { sharers: one.open.map((number) => ({ number, base: 'release' })), asked });
            known.clear();
            for (const number of one.open) known.add(number);
          }
          expect(gateOf(world) === 'success').toBe(known.size === 0);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a pull request that no run made', () => {
  function observed(): WorldOfDecisions {
    const world = new WorldOfDecisions();
    world.courier = () => undefined;
    return pull(world, 'opened', { number: 1, headBranch: 'gatepilot/5/r1', baseBranch: 'release' }).settle();
  }
  const told: Shared[] = [];
  function listen(world: WorldOfDecisions): WorldOfDecisions {
    told.length = 0;
    world.courier = (_world, to, event) => {
      expect(to).toBe('github.test/7/5');
      if (event.kind === 'head_shared') told.push(event);
    };
    return world;
  }

  it('tells whose check stands on its head, and again where it goes', () => {
    const world = listen(observed());
    const sharedWith = { head: sha('1'), owners: [5] };
    world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted, sharedWith });
    expect(told).toMatchObject([{ number: 1, head: sha('1'), base: 'release' }]);
    pull(world, 'edited', { number: 1, headBranch: 'gatepilot/5/r1', baseBranch: 'main' }).settle();
    expect(told[1]).toMatchObject({ number: 1, head: sha('1'), base: 'main' });
    pull(world, 'closed', { number: 1, headBranch: 'gatepilot/5/r1', baseBranch: 'main' }).settle();
    expect(told).toHaveLength(3);
  });

  it('tells the owner of the head that it had when it moves to another', () => {
    const world = listen(observed());
    const sharedWith = { head: sha('1'), owners: [5] };
    world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted, sharedWith });
    pull(world, 'synchronize', { number: 1, headBranch: 'x', baseBranch: 'release', headSha: sha('2') }).settle();
    expect(told[1]).toMatchObject({ number: 1, head: sha('1') });
    expect(world.record.pull?.sharedWith).toBeUndefined();
  });

  it('tells another that no run made once, and is told where that goes', () => {
    const world = listen(observed());
    const show = (...sharers: number[]) => {
      const heads = [
        { number: 1, head: sha('1'), sharers: sharers.map((number) => ({ number, base: 'main' })), asked: [5] },
      ];
      world.put({ kind: 'head_shared', number: 5, head: sha('1'), base: 'main', turn: `${world.next()}` }).settle();
      world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted, heads });
    };
    show(5);
    expect(told).toMatchObject([{ number: 1, head: sha('1'), base: 'release' }]);
    show(5);
    expect(told).toHaveLength(1);
    expect(world.record.pull?.sharers).toEqual([{ number: 5, base: 'main' }]);
    pull(world, 'closed', { number: 1, headBranch: 'gatepilot/5/r1', baseBranch: 'release' }).settle();
    expect(told).toHaveLength(2);
  });

  it('shuts no check for good on a head that it has not any more', () => {
    const world = observed();
    world.put({ kind: 'head_shared', number: 5, head: sha('2'), base: 'main', turn: 'one' }).settle();
    expect(world.record.strays).toBeUndefined();
  });

  it('says nothing of a head that it has not any more', () => {
    const world = listen(observed());
    const holder = world.begin('present');
    pull(world, 'synchronize', { number: 1, headBranch: 'x', baseBranch: 'release', headSha: sha('2') }).settle();
    world.report(holder, {
      kind: 'presented',
      revision: 1,
      sharedWith: { head: sha('1'), owners: [5] },
    });
    expect(told).toEqual([]);
  });
});
