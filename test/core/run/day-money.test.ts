// What all runs of a repository may cost in one day: taken before anything starts, settled by what was spent, and a day
// that is spent holds a run until the next one.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/core/model/decision.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderDay } from '../../../src/core/reply/render-day.ts';
import { fillPots, planPots, readPot } from '../../support/simulated-store/pots.ts';
import { leaseMs, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, comment, failedAttempt, integrated, planned, red, some } from './outcome.ts';
import { attempting, planning } from './place.ts';

const day = '1970-01-01';
const here = `repository/github.test/7/${day}`;
const installed = `installation/github.test/3/${day}`;
const dayMs = 24 * 3_600_000;
const usd = 1_000_000;

function limited(dayUsd: number): WorldOfDecisions {
  const world = new WorldOfDecisions();
  const policyText = `verify: { commands: [npm test], baseline: false }\nreview: { enabled: false }\nbudget: { day_usd: ${dayUsd} }\n`;
  world.facts = { ...world.facts, defaultBranch: 'main', policyText };
  return world;
}

/** Another run of the repository takes a part, and settles it. */
function another(world: WorldOfDecisions, asked: number, spent?: number, name = here): void {
  const part = { pot: name, id: `another/${world.next()}` };
  const change: Pick<Decision, 'reservations' | 'settlements'> = {
    reservations: [{ ...part, amount: asked, cap: Number.POSITIVE_INFINITY }],
  };
  const save = (decision: typeof change) => {
    const pots = planPots(world, decision as Decision);
    if ('changed' in pots) fillPots(world, pots.changed);
  };
  save(change);
  if (spent !== undefined) save({ settlements: [{ ...part, amount: spent }] });
}

const potOf = (world: WorldOfDecisions, name = here) => readPot(world, name);

describe('the money of a day', () => {
  it('is set aside before an action starts, and counts as what it spent when it ends', () => {
    const world = planning();
    expect(potOf(world)).toEqual({ committed: 2 * usd, open: 2 * usd });
    world.finish('plan', planned(['a']));
    expect(potOf(world)).toEqual({ committed: some.microUsd + 2 * usd, open: 2 * usd });
    world.finish('attempt', anchored());
    expect(potOf(world)).toEqual({ committed: 2 * some.microUsd, open: 0 });
  });

  it('is recorded with the name under which it was taken', () => {
    const { run } = planning();
    expect(run.reserved).toEqual({
      'r1-plan-1': { microUsd: 2 * usd, paidFrom: { id: 'github.test/7/1 r1-plan-1 1000000', pots: [here] } },
    });
  });

  it('counts as spent in full when a holder died, and the next one takes a part of its own', () => {
    const world = attempting().die('attempt');
    expect(potOf(world)).toEqual({ committed: some.microUsd + 4 * usd, open: 2 * usd });
    expect(world.run.spend.microUsd).toBe(some.microUsd + 2 * usd);
    world.finish('attempt', anchored());
    expect(potOf(world)).toEqual({ committed: 2 * some.microUsd + 2 * usd, open: 0 });
  });

  it('is not settled again by a holder that was given up and reports after all', () => {
    const world = attempting();
    const holder = world.begin('attempt');
    world.kill(holder).pass(leaseMs);
    const before = potOf(world);
    world.report(holder, anchored());
    expect(potOf(world)).toEqual(before);
  });

  it('comes back from what was taken back before anybody began it', () => {
    const world = comment(attempting(), '/pilot pause').settle();
    world.settle();
    expect(potOf(world)).toEqual({ committed: some.microUsd, open: 0 });
  });

  it('comes back from what a stop ended, as far as that had not spent it', () => {
    const world = attempting();
    const holder = world.begin('attempt');
    comment(world, '/pilot stop').settle();
    world.report(holder, { kind: 'stopped', spend: { inputTokens: 5, outputTokens: 5, microUsd: 7 } });
    expect(potOf(world)).toEqual({ committed: some.microUsd + 7, open: 0 });
  });

  it('counts on the day on which it was asked for, also when that ends before the work does', () => {
    const world = limited(100);
    world.now = dayMs - 5_000;
    comment(world, '/pilot run').settle();
    world.finish('plan', planned(['a']));
    const holder = world.begin('attempt');
    world.pass(60_000);
    world.report(holder, failedAttempt(red));
    expect(potOf(world)).toEqual({ committed: 2 * some.microUsd, open: 0 });
    expect(potOf(world, 'repository/github.test/7/1970-01-02')).toEqual({ committed: 2 * usd, open: 2 * usd });
  });
});

describe('a day that is spent', () => {
  it('holds a run before it plans, says the limit, what is spent and when it begins anew', () => {
    const world = limited(5);
    another(world, 4 * usd, 4.5 * usd);
    comment(world, '/pilot run').settle();
    expect(world.run.state).toMatchObject({ kind: 'paused', by: 'gatepilot', back: { kind: 'planning' } });
    expect(world.listWork()).toEqual([]);
    expect(renderHeadline(world.run)).toMatchInlineSnapshot(
      `"**Paused** by the limit "budget.day_usd". The limit "budget.day_usd" of $5.00 leaves too little for today: $4.5000 is spent or set aside for work under way. It begins anew at 1970-01-02 00:00 UTC. Nothing is lost; it looks again by itself at 1970-01-02 00:01 UTC. Earlier, \`/pilot resume\` goes on, \`/pilot stop\` ends it."`,
    );
    expect(potOf(world)).toEqual({ committed: 4.5 * usd, open: 0 });
  });

  it('lets it go on by itself when the next day has begun, and not before', () => {
    const world = limited(5);
    another(world, 4 * usd, 4.5 * usd);
    comment(world, '/pilot run').settle();
    world.passShown(dayMs - world.now - 1);
    expect(world.run.state.kind).toBe('paused');
    world.passShown(60_001 * 1.5);
    expect(world.run.state.kind).toBe('planning');
    expect(world.listWork()).toEqual(['r1-plan-1']);
    expect(world.run.looks).toBeUndefined();
  });

  it('keeps what is built, lets what is under way end, and holds the rest', () => {
    const world = limited(5);
    comment(world, '/pilot run').settle();
    world.finish('plan', planned(['a', 'b'], ['c']));
    // A part is a fifth of the day at most.
    expect(potOf(world)).toEqual({ committed: 2 * usd + some.microUsd, open: 2 * usd });
    another(world, 2.9 * usd, 2.9 * usd);
    world.finish('r1-attempt-a-1-1', anchored());
    expect(world.run.state.kind).toBe('executing');
    world.finish('r1-attempt-b-1-2', failedAttempt(red));
    expect(world.run.state).toMatchObject({ kind: 'executing' });
    another(world, 1.5 * usd, 1.5 * usd);
    world.finish('attempt', failedAttempt(red));
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['anchored', 'failed', 'pending']);
    world.finish('integrate', integrated(['a']));
    expect(world.run.state).toMatchObject({ kind: 'paused', back: { kind: 'executing' } });
    expect(world.run.tasks[0]?.state.kind).toBe('merged');
  });

  it('is looked at sooner where only what others set aside is missing', () => {
    const world = limited(5);
    another(world, 4.5 * usd);
    comment(world, '/pilot run').settle();
    expect(world.run.state).toMatchObject({ kind: 'paused' });
    world.passShown(15 * 60_000);
    expect(world.run.state).toMatchObject({ kind: 'paused' });
    world.pots.clear();
    world.passShown(15 * 60_000);
    expect(world.run.state.kind).toBe('planning');
  });

  it('does not keep a run waiting for the next day that has something under way itself', () => {
    const world = limited(5);
    comment(world, '/pilot run').settle();
    another(world, 2.5 * usd, 2.5 * usd);
    world.finish('plan', planned(['a', 'b', 'c']));
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['running', 'running', 'pending']);
    expect(world.run.state.kind).toBe('executing');
    world.finish('attempt', anchored());
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['anchored', 'running', 'running']);
  });

  it('pays for no second holder: the action is asked for again the next day', () => {
    const world = limited(5);
    comment(world, '/pilot run').settle();
    world.finish('plan', planned(['a']));
    another(world, 3.5 * usd, 3.5 * usd);
    world.die('attempt');
    expect(world.run.state).toMatchObject({ kind: 'paused', back: { kind: 'executing' } });
    expect(world.run.tasks[0]).toMatchObject({ state: { kind: 'pending' }, attempts: [] });
    expect(potOf(world).open).toBe(0);
    world.passShown(dayMs);
    expect(world.run.state.kind).toBe('executing');
    expect(world.run.tasks[0]?.state.kind).toBe('running');
  });

  it.each(['plan'] as const)('pays for no second holder of a %s', (kind) => {
    const world = limited(5);
    comment(world, '/pilot run').settle();
    another(world, 4.5 * usd, 4.5 * usd);
    world.die(kind);
    expect(world.run.state).toMatchObject({ kind: 'paused', back: { kind: 'planning' } });
    expect(world.listWork()).toEqual([]);
  });

  it('holds by what the operator allows an installation as well, and names that', () => {
    const world = limited(100);
    world.runLimits = { ...world.runLimits, dayMicroUsd: 3 * usd };
    another(world, 2.8 * usd, 2.8 * usd, installed);
    comment(world, '/pilot run').settle();
    expect(world.run.state).toMatchObject({
      kind: 'paused',
      cause: { kind: 'budget', limit: 'GATEPILOT_DAY_USD_PER_INSTALLATION', value: 3, spent: 2.8 },
    });
    expect(potOf(world)).toEqual({ committed: 0, open: 0 });
  });
});

describe('whoever waits for the next day', () => {
  function waiting(): WorldOfDecisions {
    const world = limited(5);
    another(world, 4.5 * usd, 4.5 * usd);
    return comment(world, '/pilot run').settle();
  }

  function told(world: WorldOfDecisions, command: string): string {
    const receipt = world.findReceipt(command);
    return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
  }

  it('is told by continue that nobody raises it for one run', () => {
    const world = comment(waiting(), '/pilot continue').settle();
    expect(told(world, 'continue')).toMatchInlineSnapshot(
      `"refused: Run r1 waits. The limit "budget.day_usd" of $5.00 leaves too little for today: $4.5000 is spent or set aside for work under way. It begins anew at 1970-01-02 00:00 UTC. All runs share that limit, so it is raised where it is set; \`/pilot resume\` then goes on."`,
    );
    expect(world.run.raised).toBeUndefined();
  });

  it('is told by resume what is still in the way', () => {
    const world = comment(waiting(), '/pilot resume').settle();
    expect(told(world, 'resume')).toMatchInlineSnapshot(
      `"refused: Run r1 waits. The limit "budget.day_usd" of $5.00 leaves too little for today: $4.5000 is spent or set aside for work under way. It begins anew at 1970-01-02 00:00 UTC. All runs share that limit, so it is raised where it is set; \`/pilot resume\` then goes on."`,
    );
    expect(world.run.state.kind).toBe('paused');
  });

  it('goes on with resume when the policy gives more by now', () => {
    const world = waiting();
    const policyText =
      'verify: { commands: [npm test], baseline: false }\nreview: { enabled: false }\nbudget: { day_usd: 20 }\n';
    world.facts = { ...world.facts, defaultBranch: 'main', policyText };
    comment(world, '/pilot resume').settle();
    expect(told(world, 'resume')).toBe('done: Run r1 goes on.');
    expect(world.run.state.kind).toBe('planning');
  });

  it('may be stopped', () => {
    const world = comment(waiting(), '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
  });
});

describe('the money of a month', () => {
  const month = 'repository/github.test/7/1970-01';
  const monthMs = 31 * dayMs;

  function ofMonth(monthUsd: number, dayUsd = 100): WorldOfDecisions {
    const world = limited(dayUsd);
    const { policyText } = world.facts ?? {};
    world.facts = {
      ...world.facts,
      defaultBranch: 'main',
      policyText: `${policyText}`.replace('budget: {', `budget: { repository_usd: ${monthUsd},`),
    };
    return world;
  }

  it('is taken and settled together with that of the day', () => {
    const world = ofMonth(50);
    comment(world, '/pilot run').settle();
    expect(potOf(world, month)).toEqual({ committed: 2 * usd, open: 2 * usd });
    expect(world.run.reserved?.['r1-plan-1']?.paidFrom?.pots).toEqual([month, here]);
    world.finish('plan', planned(['a']));
    world.finish('attempt', anchored());
    expect(potOf(world, month)).toEqual({ committed: 2 * some.microUsd, open: 0 });
    expect(potOf(world)).toEqual(potOf(world, month));
  });

  it('counts what other days cost, and is still known at its end', () => {
    const world = ofMonth(5);
    comment(world, '/pilot run').settle();
    world.finish('plan', planned(['a']));
    world.finish('attempt', anchored());
    comment(world, '/pilot stop').settle();
    world.now = monthMs - 1;
    expect(potOf(world, month)).toEqual({ committed: 2 * some.microUsd, open: 0 });
    expect(potOf(world)).toEqual({ committed: 0, open: 0 });
  });

  it('that is spent holds a run until the next one begins, and says so', () => {
    const world = ofMonth(5, 5);
    another(world, 4.5 * usd, 4.5 * usd, month);
    another(world, 4.5 * usd, 4.5 * usd);
    comment(world, '/pilot run').settle();
    expect(renderHeadline(world.run)).toMatchInlineSnapshot(
      `"**Paused** by the limit "budget.repository_usd". The limit "budget.repository_usd" of $5.00 leaves too little for this month: $4.5000 is spent or set aside for work under way. It begins anew at 1970-02-01 00:00 UTC. Nothing is lost; it looks again by itself at 1970-02-01 00:01 UTC. Earlier, \`/pilot resume\` goes on, \`/pilot stop\` ends it."`,
    );
    world.pots.clear();
    another(world, 4.5 * usd, 4.5 * usd, month);
    world.passShown(2 * dayMs);
    expect(world.run.state.kind).toBe('paused');
    world.pots.clear();
    world.passShown(monthMs - world.now + 90_000);
    expect(world.run.state.kind).toBe('planning');
    expect(potOf(world, 'repository/github.test/7/1970-02')).toMatchObject({ open: usd });
  });

  it('that the settings do not limit any more is not waited for', () => {
    const world = ofMonth(5);
    another(world, 4.5 * usd, 4.5 * usd, month);
    comment(world, '/pilot run').settle();
    expect(world.run.state).toMatchObject({ kind: 'paused', cause: { limit: 'budget.repository_usd' } });
    world.facts = { ...world.facts, ...limited(100).facts, defaultBranch: 'main' };
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('planning');
  });

  it('is told beside that of the day', () => {
    const account = {
      limit: 'budget.repository_usd',
      capMicroUsd: 50 * usd,
      committedMicroUsd: 3 * usd,
      openMicroUsd: usd,
    };
    expect(renderDay([{ ...account, span: 'month', resetsAt: monthMs }])).toBe(
      'This month, `budget.repository_usd`: $2.0000 spent and $1.0000 set aside for work under way, of $50.00; it begins anew at 1970-02-01 00:00 UTC.',
    );
  });
});
