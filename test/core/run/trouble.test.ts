import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/core/model/action.ts';
import type { Cause } from '../../../src/core/model/cause.ts';
import type { ResultEvent } from '../../../src/core/model/event.ts';
import { decide } from '../../../src/core/run/decide.ts';
import { toResult, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, failedAttempt, integrated, nothing, outage, planned, red, some } from './outcome.ts';
import { atBoundary, attempting, integrating, planning, publishing, verifying, verifyingPush } from './place.ts';

const infrastructure = { kind: 'infrastructure', system: 'git', detail: '502 Bad Gateway' } as const;
const failed: ResultEvent['outcome'] = { kind: 'failed', cause: outage };

/** How long the next one waits after each failure in a row. */
function pausesOf(world: WorldOfDecisions, kind: Action['kind'], outcome: ResultEvent['outcome']): number[] {
  const pauses: number[] = [];
  while (world.find(kind) && pauses.length < 10) {
    world.finish(kind, outcome);
    const next = world.find(kind);
    if (next) pauses.push((next.notBefore ?? world.now) - world.now);
  }
  return pauses;
}

describe('an outage', () => {
  it('is waited for in growing pauses by everything that a run does, and then the run is held', () => {
    const cases: [string, WorldOfDecisions, Action['kind'], ResultEvent['outcome']][] = [
      ['planning', planning(), 'plan', { ...failed, spend: nothing } as ResultEvent['outcome']],
      ['attempting', attempting(), 'attempt', failedAttempt(outage, nothing)],
      ['integrating', integrating(), 'integrate', failed],
      ['verifying', verifying(), 'verify', failed],
      ['verifying a push', verifyingPush(), 'verify', failed],
      ['publishing', publishing(), 'publish_branch', failed],
    ];
    for (const [name, world, kind, outcome] of cases) {
      const pauses = pausesOf(world, kind, outcome);
      expect([name, pauses.length]).toEqual([name, 3]);
      for (const [at, least] of [2_000, 10_000, 30_000].entries()) {
        expect(pauses[at]).toBeGreaterThanOrEqual(least);
        expect(pauses[at]).toBeLessThan(least * 1.5);
      }
      expect(world.run.state).toMatchObject({ kind: 'paused', cause: outage });
      expect(world.listWork()).toEqual([]);
    }
  });

  it('that ends is forgotten: the next one has all its pauses', () => {
    const world = integrating()
      .finish('integrate', failed)
      .finish('integrate', integrated(['a']));
    expect(world.run.troubles).toEqual({});
  });

  it('before an agent used anything burns no attempt', () => {
    const world = attempting();
    for (let tries = 0; tries < 3; tries += 1) world.finish('attempt', failedAttempt(outage, nothing));
    world.finish('attempt', anchored());
    expect(world.run.tasks[0]).toMatchObject({ state: { kind: 'anchored' }, attempts: [{ number: 1 }] });
  });

  it('after an agent used something is an attempt like any other', () => {
    const world = attempting().finish('attempt', failedAttempt(outage, some));
    expect(world.run.tasks[0]?.attempts).toMatchObject([{ number: 1, cause: outage }, { number: 2 }]);
  });

  it('that meets many tasks at once is one outage, not as many', () => {
    const world = planning().finish('plan', planned(['a', 'b', 'c', 'd', 'e']));
    const holders = world
      .listOpen()
      .flatMap(({ action }) => (action.kind === 'attempt' ? [world.begin(action.id)] : []));
    for (const holder of holders) world.report(holder, failedAttempt(outage, nothing));
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'attempting' });
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(Array(5).fill('running'));
  });
});

describe('the pauses of many runs', () => {
  it('differ, so that they do not all come back at once, and are the same when decided anew', () => {
    const pauses = ['github.test/7/1', 'github.test/7/2', 'github.test/7/3'].map((subject) => {
      const world = integrating();
      world.put(toResult(world.begin('integrate'), failed));
      const snapshot = { ...world.snapshot(), subject };
      expect(decide(snapshot)).toEqual(decide(snapshot));
      return decide(snapshot).record.run?.waits?.['integrate'];
    });
    expect(new Set(pauses).size).toBe(3);
  });

  it('last at least as long as the other side asks for', () => {
    const retryAt = 1_000_000 + 60_000;
    const world = integrating().finish('integrate', { kind: 'failed', cause: { ...infrastructure, retryAt } });
    expect(world.find('integrate')?.notBefore).toBe(retryAt);
  });
});

describe('a fault of this machine', () => {
  it('is told after a few tries: nobody else will mend it', () => {
    const disk: Cause = { kind: 'infrastructure', system: 'disk', detail: 'it is full' };
    const world = integrating();
    expect(pausesOf(world, 'integrate', { kind: 'failed', cause: disk })).toHaveLength(3);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: disk });
  });

  it('that the other side calls lasting is not tried again', () => {
    const cause: Cause = { ...infrastructure, isLasting: true };
    const world = integrating().finish('integrate', { kind: 'failed', cause });
    expect(world.run.state).toMatchObject({ kind: 'failed', cause });
  });
});

describe('a fault that time does not mend', () => {
  it('ends the run at once, with its own cause', () => {
    const cause = { kind: 'push_rejected', why: 'the base branch main is gone' } as const;
    const world = verifying().finish('verify', { kind: 'failed', cause });
    expect(world.run.state).toMatchObject({ kind: 'failed', cause });
  });
});

describe('a task', () => {
  it('that is red is tried again in its batch, and one attempt is held back for the boundary', () => {
    const world = atBoundary();
    expect(world.run.tasks[0]).toMatchObject({
      state: { kind: 'failed', cause: red },
      attempts: [{ number: 1 }, { number: 2 }],
    });
    expect(world.listWork()).toEqual(['r1-pilot-1']);
  });

  it('whose attempt was ended from outside starts anew under an id that was never used', () => {
    const world = attempting();
    const ids = new Set(world.listWork());
    for (let tries = 0; tries < 5; tries += 1) {
      world.finish('attempt', { kind: 'stopped', spend: some });
      for (const id of world.listWork()) {
        expect(ids.has(id)).toBe(false);
        ids.add(id);
      }
    }
    expect(world.run.tasks[0]?.attempts).toMatchObject([{ number: 1 }]);
    expect(world.run.spend.microUsd).toBe(6 * some.microUsd);
  });
});

describe('a run that has used its budget', () => {
  const cost = { ...some, microUsd: 10_000_000 };
  const costly = { ...anchored(), spend: cost } as ReturnType<typeof anchored>;

  it('starts no further task, asks no pilot, and delivers what it has', () => {
    const world = attempting(['a'], ['b'])
      .finish('attempt', costly)
      .finish('integrate', integrated(['a']));
    expect(world.run.tasks[1]).toMatchObject({
      attempts: [],
      state: { kind: 'failed', cause: { kind: 'budget', limit: 'budget.run_usd', value: 10 } },
    });
    expect(world.listWork()).toEqual(['r1-verify-1']);
  });

  it('comes to its end at once, however many batches were planned', () => {
    const plan = planned(['a'], ...Array.from({ length: 20 }, (_, index) => [`t${index}`]));
    const tasks = plan.tasks.map((task) => ({ ...task, ownedPaths: ['src/**'] }));
    const world = planning();
    world.run.policy.isPilotEnabled = false;
    world
      .finish('plan', { ...plan, tasks })
      .finish('attempt', costly)
      .finish('integrate', integrated(['a']));
    expect(world.listWork()).toEqual(['r1-verify-1']);
  });
});
