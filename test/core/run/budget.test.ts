// Reserved before it is spent, settled after: what is given out never comes to more than the cap.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountFor } from '../../../src/core/run/account-for.ts';
import { reserve, shareOf } from '../../../src/core/run/budget.ts';
import { openDraft } from '../../../src/core/run/draft.ts';
import { leaseMs, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  failedAttempt,
  integrated,
  nothing,
  planned,
  red as redCause,
  sha,
  some,
} from './outcome.ts';
import { accepting, attempting, integrating, planning } from './place.ts';

function limitsOf(world: WorldOfDecisions): Record<string, unknown> {
  return Object.fromEntries(
    world.outbox.flatMap(({ action }) => ('limits' in action && action.limits ? [[action.id, action.limits]] : [])),
  );
}

describe('what an action may spend', () => {
  it('is in the record before it starts, and in the action for whoever enforces it', () => {
    const world = attempting(['a', 'b']);
    const limits = limitsOf(world);
    expect(limits).toEqual({
      'r1-attempt-a-1-1': { microUsd: 2_000_000 },
      'r1-attempt-b-1-2': { microUsd: 2_000_000 },
    });
    expect(world.run.reserved).toMatchObject(limits);
  });

  it('is settled by what it did spend', () => {
    const world = attempting().finish('attempt', anchored());
    expect(world.run.reserved).toBeUndefined();
    expect(world.run.spend.microUsd).toBe(2 * some.microUsd);
  });

  it('counts as spent in full when its holder died, and the next holder has as much again', () => {
    const world = attempting().die('attempt');
    expect(world.run.spend.microUsd).toBe(some.microUsd + 2_000_000);
    expect(world.run.reserved).toMatchObject({ 'r1-attempt-a-1-1': { microUsd: 2_000_000 } });
  });

  it('is named by what there is too little of when it does not pay for another holder', () => {
    const money = planning();
    money.run.policy.runAttempts = 1;
    money.finish('plan', planned(['a']));
    money.run.spend.microUsd = 7_000_000;
    money.die('attempt');
    expect(money.run.tasks[0]?.state).toMatchObject({ kind: 'failed', cause: { limit: 'budget.run_usd' } });
    const tokens = planning();
    tokens.run.policy.runAttempts = 1;
    tokens.run.policy.runTokens = 1_000_000;
    tokens.finish('plan', planned(['a']));
    tokens.run.spend.inputTokens = 700_000;
    tokens.die('attempt');
    expect(tokens.run.tasks[0]?.state).toMatchObject({ kind: 'failed', cause: { limit: 'budget.run_tokens' } });
  });

  it('is given back when it is taken back before anybody began it', () => {
    const world = comment(attempting(), '/pilot pause').settle();
    world.settle();
    expect(world.run.reserved).toBeUndefined();
    expect(world.run.spend.microUsd).toBe(some.microUsd);
  });

  it('is kept for a holder that was told to end, until it has', () => {
    const world = attempting();
    const holder = world.begin('attempt');
    comment(world, '/pilot stop').settle();
    expect(accountFor(world.run).reserved.microUsd).toBe(2_000_000);
    world.kill(holder).pass(leaseMs);
    expect(world.run.spend.microUsd).toBe(some.microUsd + 2_000_000);
  });

  it('is never less than is worth starting with, and the others wait for what may come back', () => {
    const world = planning();
    world.run.policy.runMicroUsd = 20_000;
    world.finish('plan', planned(Array.from({ length: 80 }, (_, at) => `t${String(at).padStart(2, '0')}`)));
    const running = world.run.tasks.filter(({ state }) => state.kind === 'running').length;
    expect(running).toBeLessThan(80);
    expect(accountFor(world.run).reserved.microUsd + world.run.spend.microUsd).toBeLessThanOrEqual(20_000);
    world.finish('attempt', anchored());
    expect(world.run.tasks.filter(({ state }) => state.kind === 'failed')).toEqual([]);
  });
});

describe('59 budget-cap: tokens', () => {
  function capped(): WorldOfDecisions {
    const world = planning();
    world.run.policy.runTokens = 3_000;
    return world.finish('plan', planned(['a'], ['b']));
  }

  it('are a limit of their own, named when they are used up, and what is done is kept', () => {
    const world = capped();
    expect(limitsOf(world)).toEqual({ 'r1-attempt-a-1-1': { microUsd: 2_000_000, tokens: 600 } });
    const spend = { inputTokens: 1_880, outputTokens: 0, microUsd: 0 };
    world
      .finish('attempt', { ...anchored(), spend } as ReturnType<typeof anchored>)
      .finish('integrate', integrated(['a']));
    expect(world.run.tasks[1]?.state).toMatchObject({
      kind: 'failed',
      cause: { kind: 'budget', limit: 'budget.run_tokens', value: 3_000, spent: 2_980 },
    });
    expect(world.listWork()).toEqual(['r1-verify-1']);
  });
});

describe('a run whose plan was never had', () => {
  it('ends by the limit when dead planners have used it up', () => {
    const world = planning();
    world.run.policy.runMicroUsd = 1_000;
    for (let tries = 0; tries < 20 && world.find('plan'); tries += 1) world.die('plan');
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'budget', limit: 'budget.run_usd' } });
  });
});

describe('shares', () => {
  it('of all that start together come to no more than what is left', () => {
    const amount = fc.integer({ min: 0, max: 20_000_000 });
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 1, max: 30 }), (cap, spent, starters) => {
        const world = attempting().finish('attempt', failedAttempt(redCause, nothing));
        const draft = openDraft(world.snapshot());
        const { run } = world;
        run.policy.runMicroUsd = cap;
        run.spend = { inputTokens: 0, outputTokens: 0, microUsd: spent };
        delete run.reserved;
        for (let left = starters; left > 0; left -= 1) {
          const share = shareOf(run, left);
          if (share) reserve(draft, run, `x${left}`, share);
        }
        const { reserved } = accountFor(run);
        expect(reserved.microUsd === 0 || spent + reserved.microUsd <= cap).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('attempts of a whole run', () => {
  const red = failedAttempt(redCause);
  function limited(runAttempts: number, ...batches: string[][]): WorldOfDecisions {
    const world = planning();
    world.run.policy.runAttempts = runAttempts;
    return world.finish('plan', planned(...batches));
  }

  it('are counted over all tasks, and the limit is named where one could not start', () => {
    const world = limited(3, ['a', 'b', 'c', 'd']);
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['running', 'running', 'running', 'failed']);
    expect(accountFor(world.run).attempts).toEqual({ used: 3, cap: 3 });
    expect(world.run.tasks[3]?.state).toMatchObject({
      cause: { kind: 'budget', limit: 'budget.run_attempts', value: 3, spent: 3 },
    });
  });

  it('leave the pilot nothing to decide when they are used up, so it is not asked; what was built is kept', () => {
    const world = limited(2, ['a', 'b'], ['c']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', red);
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['anchored', 'failed', 'failed']);
    world.finish('integrate', integrated(['a']));
    expect(world.find('pilot')).toBeUndefined();
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'failed', 'failed']);
    expect(world.run.state.kind).toBe('reviewing');
  });

  it('are raised by a continue, once more by as much', () => {
    const world = limited(1, ['a']).finish('attempt', red);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { limit: 'budget.run_attempts' } });
    comment(world, '/pilot retry').settle();
    expect(world.run.state.kind).toBe('failed');
    comment(world, '/pilot continue').settle();
    expect(accountFor(world.run).attempts).toEqual({ used: 2, cap: 2 });
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['running']);
  });

  it('do not count one that was handed over', () => {
    const world = limited(1, ['a']);
    world.finish('attempt', { kind: 'stopped', reason: 'handover', spend: nothing });
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['running']);
    expect(accountFor(world.run).attempts.used).toBe(1);
  });

  it('that are used up leave what is built to be merged in its own batch', () => {
    const world = limited(3, ['a'], ['b', 'c']);
    const [, b] = world.run.tasks;
    if (!b) throw new Error('there is a task');
    const { kind: _, ...outcome } = anchored(sha('2')) as Extract<ReturnType<typeof anchored>, { kind: 'anchored' }>;
    b.kept = { contribution: outcome };
    world.run.policy.runAttempts = 1;
    world.finish('attempt', red);
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['failed', 'anchored', 'failed']);
    expect(world.find('integrate')?.action).toMatchObject({ contributions: [{ task: 'b' }] });
  });

  it('are not asked for by what is built and only has to be merged', () => {
    const world = limited(1, ['a']).finish('attempt', anchored());
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot resume').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'integrating' });
  });

  it('that are used up when the run was stopped for another reason are raised by a continue', () => {
    const world = limited(1, ['a'], ['b']).finish('attempt', anchored());
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot resume').settle();
    expect(world.findReceipt('resume')?.reply).toContain('`/pilot continue` raises it');
    comment(world, '/pilot continue').settle();
    expect(world.findReceipt('continue')?.reply).toBe('Run r1 goes on: `budget.run_attempts` is now 2.');
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'integrating' });
  });

  it('that keep a failed task from being tried again are raised by a continue, which tries it', () => {
    const world = limited(2, ['a']).finish('attempt', red).finish('attempt', red);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'tasks_failed' } });
    comment(world, '/pilot retry').settle();
    expect(world.findReceipt('retry')?.reply).toContain('`/pilot continue` raises it');
    comment(world, '/pilot continue').settle();
    expect(accountFor(world.run).attempts).toEqual({ used: 3, cap: 4 });
  });
});

describe('money that is used up when a run is stopped for another reason', () => {
  it('is not asked for by what only has to be merged, and is raised by a continue where it is', () => {
    const stopped = (isReviewed: boolean) => {
      const world = isReviewed ? accepting() : integrating();
      world.run.spend.microUsd = 10_000_000;
      comment(world, '/pilot stop').settle();
      return comment(world, '/pilot resume').settle();
    };
    expect(stopped(false).run.state).toMatchObject({ kind: 'executing', phase: 'integrating' });
    const world = stopped(true);
    expect(world.findReceipt('resume')?.reply).toContain('`/pilot continue` raises it');
    comment(world, '/pilot continue').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'integrating' });
  });
});
