// The pilot finds the plan itself wrong: what is left is planned again, once, and nothing disappears.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  contractBlocked,
  edit,
  failedAttempt,
  givenUp,
  integrated,
  planned,
  published,
  red,
  sha,
  verified,
} from './outcome.ts';
import { attempting, planning, planningAnew } from './place.ts';

function listStates(world: WorldOfDecisions): string[] {
  return world.run.tasks.map(({ key, state }) => `${key} ${state.kind}`);
}

function told(world: WorldOfDecisions, command: string): string {
  const receipt = world.findReceipt(command);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

const second = { ...planned(['d']), hash: 'plan-two' };

describe('a replan', () => {
  it('keeps what is merged, replaces what is not, and goes on with the new plan on what is there', () => {
    const world = planningAnew();
    expect(world.run.state.kind).toBe('planning');
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced']);
    expect(world.run.replans).toEqual([
      { at: world.now, plan: 'plan-hash', why: 'pilot', reason: 'The module does not exist.' },
    ]);
    expect(world.run.boundaries.at(-1)).toMatchObject({
      source: { kind: 'pilot', verdict: 'replan' },
      failed: ['b'],
      lines: ['what is left is planned again'],
    });
    world.finish('plan', second);
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced', 'd running']);
    expect(world.find('attempt')?.action).toMatchObject({ task: 'd', base: world.run.integration?.commit });
    world.finish('attempt', anchored()).finish('integrate', integrated(['d']));
    expect(world.run.state).toMatchObject({ kind: 'reviewing' });
    expect(world.run.behind).toEqual([['a', 'b'], ['d']]);
    world.finish('verify', verified()).finish('publish_branch', published());
    // What was planned otherwise does not keep the whole from being merged.
    expect(evaluateGate(world.run).state.kind).toBe('open');
    expect(renderSticky(world.run, 1)).toContain('not done: replaced when plan');
  });

  it('is given once: asked for again it is refused, and the deterministic plan goes on', () => {
    const world = planningAnew().finish('plan', { ...planned(['d'], ['e']), hash: 'plan-two' });
    world.finish('attempt', failedAttempt(red)).finish('attempt', failedAttempt(red));
    world.finish('pilot', givenUp());
    expect(world.run.state.kind).toBe('executing');
    expect(world.run.boundaries.at(-1)?.source).toEqual({
      kind: 'fell_back',
      why: 'The plan was already made anew in this run: answer continue or abort.',
    });
  });

  it('that the limits of the run leave nothing for is refused, and the deterministic plan goes on', () => {
    const world = attempting(['a', 'b'], ['c']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
    world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
    const all = givenUp();
    const spend = { inputTokens: 0, outputTokens: 0, microUsd: world.run.policy.runMicroUsd };
    world.finish('pilot', { ...all, spend } as typeof all);
    expect(world.run.boundaries[0]?.source).toMatchObject({
      kind: 'fell_back',
      why: expect.stringContaining('the limits of the run leave nothing for that'),
    });
    expect([world.run.replans, world.run.state.kind]).toEqual([undefined, 'reviewing']);
  });

  it('counts the attempts of what was replaced against the limit of the run', () => {
    const world = attempting(['a', 'b'], ['c']);
    world.run.policy.runAttempts = 4;
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
    world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
    world.finish('pilot', givenUp()).finish('plan', { ...planned(['d', 'e']), hash: 'plan-two' });
    expect(listStates(world).slice(3)).toEqual(['d running', 'e failed']);
    expect(world.run.tasks.at(-1)?.state).toMatchObject({ cause: { limit: 'budget.run_attempts', spent: 4 } });
  });

  it('leaves out what the pilot skips besides, and counts it', () => {
    const world = attempting(['a', 'b'], ['c']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
    world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
    world.finish('pilot', givenUp({ skip: [{ task: 'c', reason: 'Pointless.' }] }));
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c skipped']);
    expect(world.run.skippedByPilot).toBe(1);
    expect(world.run.boundaries.at(-1)?.lines).toEqual(['what is left is planned again', 'skipped `c`: Pointless.']);
  });

  it('that is stopped in the middle goes on with planning, not without a plan', () => {
    const world = planningAnew();
    comment(world, '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('planning');
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced']);
  });

  it('brings nothing back: a replaced task is not tried again and not left out', () => {
    const world = planningAnew().finish('plan', second);
    for (const command of ['retry b', 'skip c nobody needs it']) {
      comment(world, `/pilot ${command}`).settle();
      expect(world.findReceipt(command.split(' ')[0] ?? '')?.reply).toContain('replaced by a newer plan');
    }
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced', 'd running']);
  });

  it.each(['retry b', 'skip b too hard'])('is not crossed by `%s` while no newer plan is there', (command) => {
    for (const held of ['stop', 'pause']) {
      const world = comment(planningAnew(), `/pilot ${held}`).settle();
      comment(world, `/pilot ${command}`).settle();
      expect(told(world, command.split(' ')[0] ?? '')).toContain('refused: The plan of run r1 was given up');
      expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced']);
    }
  });
});

describe('what was built for a plan that is given up', () => {
  it('is merged by nobody', () => {
    const world = attempting(['a', 'b']);
    world.finish('attempt', anchored()).finish('attempt', anchored(sha('2')));
    const cause = { kind: 'integration_red' as const, paths: ['a.ts'], failures: [] };
    const rolledBack = [{ key: 'b', cause: { kind: 'taken_out' as const, with: 'a' } }];
    world.finish('integrate', integrated([], { failed: [{ key: 'a', cause }], rolledBack }));
    expect(world.run.tasks[1]?.kept).toBeDefined();
    world.finish('pilot', givenUp());
    expect(world.run.tasks.map(({ state, kept }) => [state.kind, kept])).toEqual([
      ['replaced', undefined],
      ['replaced', undefined],
    ]);
    world.finish('plan', second).finish('attempt', anchored(sha('3')));
    expect(world.find('integrate')?.action).toMatchObject({ contributions: [{ task: 'd' }] });
  });

  it('and waits for an amendment is settled together with the amendment', () => {
    const world = attempting(['a'], ['b', 'c']);
    world.finish('attempt', anchored()).finish('integrate', integrated(['a']));
    world.finish('r1-attempt-b-1-2', contractBlocked(sha('2')));
    for (const key of ['c', 'c', 'amend-a-api-ts-1', 'amend-a-api-ts-1']) {
      const holder = world.outbox.find(({ action }) => action.kind === 'attempt' && action.task === key);
      world.finish(holder?.action.id ?? key, failedAttempt(red));
    }
    expect(world.find('pilot')).toBeDefined();
    world.finish('pilot', givenUp()).finish('plan', second);
    expect(listStates(world)).toEqual([
      'a merged',
      'b replaced',
      'c replaced',
      'amend-a-api-ts-1 replaced',
      'd running',
    ]);
  });
});

/** The second plan of a run whose policy asks for an approval of every plan. */
function awaitingAnew(): WorldOfDecisions {
  const world = new WorldOfDecisions();
  if (world.facts)
    world.facts = { ...world.facts, policyText: `${world.facts.policyText}mode: { plan_approval: required }\n` };
  comment(world, '/pilot run')
    .settle()
    .finish('plan', planned(['a', 'b'], ['c']));
  comment(world, '/pilot approve plan-hash').settle();
  world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
  world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
  return world.finish('pilot', givenUp()).finish('plan', second);
}

describe('a new plan where plans are approved', () => {
  it('waits for an approval of its own: the one before was for another plan', () => {
    const world = awaitingAnew();
    expect([world.run.state.kind, world.run.approval, world.listWork()]).toEqual(['awaiting_approval', undefined, []]);
    comment(world, '/pilot approve plan-hash').settle();
    expect(told(world, 'approve')).toContain('refused: The plan that waits is');
    comment(world, '/pilot approve plan-two').settle();
    expect(listStates(world).at(-1)).toBe('d running');
  });

  it.each([
    ['while it waits', (world: WorldOfDecisions) => world],
    [
      'after its approval, before an agent of it has started',
      (world: WorldOfDecisions) => {
        comment(world, '/pilot approve plan-two').settle();
        return comment(world, '/pilot pause').settle();
      },
    ],
  ])('is void when the issue is edited %s, and what was merged before it stays', (_, place) => {
    const world = edit(place(awaitingAnew()), 'issue-2').settle();
    expect(world.run.plan).toBeUndefined();
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced']);
    if (world.run.state.kind === 'paused') comment(world, '/pilot resume').settle();
    world.finish('plan', { ...planned(['e']), hash: 'plan-three', fingerprint: 'issue-2' });
    expect(world.run.state.kind).toBe('awaiting_approval');
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced', 'e pending']);
  });

  it('is left out by a finish, and what was merged before it is delivered', () => {
    const world = comment(awaitingAnew(), '/pilot finish').settle();
    expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced', 'd skipped']);
    world.finish('verify', verified()).finish('publish_branch', published());
    expect(evaluateGate(world.run).state.kind).toBe('closed');
  });
});

it('a finish between two plans delivers what is merged, and the gate tells that the rest was given up', () => {
  const world = planningAnew();
  const planner = world.begin('plan');
  comment(world, '/pilot finish').settle();
  expect(world.run.state).toMatchObject({ kind: 'reviewing' });
  // A plan that comes too late is nobody's.
  world.report(planner, second);
  expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced']);
  world.finish('verify', verified()).finish('publish_branch', published());
  expect(world.run.state.kind).toBe('ready');
  const verdict = evaluateGate(world.run);
  expect([verdict.state.kind, verdict.because]).toEqual([
    'closed',
    '1 of 3 tasks are merged; `b` was given up with its plan, and there is no newer one.',
  ]);
});

it('what was delivered between two plans is gone on from by planning, and by nothing else', () => {
  const world = comment(planningAnew(), '/pilot finish').settle();
  world.finish('verify', verified()).finish('publish_branch', published());
  comment(world, '/pilot resume').settle();
  expect(world.run.state.kind).toBe('planning');
  world.finish('plan', second);
  expect(listStates(world)).toEqual(['a merged', 'b replaced', 'c replaced', 'd running']);
});

it('a finish while the first plan is made keeps nothing, and says so', () => {
  const world = comment(planning(), '/pilot finish').settle();
  expect(told(world, 'finish')).toContain('refused: Nothing is built yet');
});
