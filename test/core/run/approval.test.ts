// A plan that waits for an approval: who may give it, for what it counts, and what voids it.
import { describe, expect, it } from 'vitest';
import { isAboutToStart, isFingerprintNeeded } from '../../../src/core/run/approval.ts';
import { policyThatChecksBase, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  edit,
  failedAttempt,
  fellBack,
  integrated,
  label,
  mallory,
  mona,
  planned,
  plannedTask,
  red,
} from './outcome.ts';
import { attempting, awaiting, pausedAwaiting, planning } from './place.ts';

const dayMs = 24 * 3_600_000;

function told(world: WorldOfDecisions, command = 'approve'): string {
  const receipt = world.findReceipt(command);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

/** What waits is shown. */
function shown(world: WorldOfDecisions): WorldOfDecisions {
  return world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted });
}

/** A repository whose policy asks for an approval of every plan. */
function required(
  policyText = 'verify: { commands: [npm test], baseline: false }\nreview: { enabled: false }',
): WorldOfDecisions {
  const world = new WorldOfDecisions();
  if (world.facts) world.facts = { ...world.facts, policyText: `${policyText}\nmode: { plan_approval: required }\n` };
  return comment(world, '/pilot run')
    .settle()
    .finish('plan', planned(['a'], ['b']));
}

/** Its plan was approved, and no agent has worked yet. */
function stoppedApproved(): WorldOfDecisions {
  const world = comment(awaiting(), '/pilot approve plan-hash').settle();
  return comment(world, '/pilot stop').settle();
}

describe('a plan', () => {
  it.each([
    ['because the policy says so', () => required()],
    ['because it was asked for by `plan`', awaiting],
    [
      'because the label says so',
      () =>
        label(new WorldOfDecisions(), 'pilot:plan')
          .settle()
          .finish('plan', planned(['a'])),
    ],
  ])('waits for its approval %s, and nothing works meanwhile', (_, make) => {
    const world = make();
    expect(world.run.state.kind).toBe('awaiting_approval');
    expect(world.listWork()).toEqual([]);
    world.sleepThrough(30 * dayMs).settle();
    expect([world.run.state.kind, world.listWork()]).toEqual(['awaiting_approval', []]);
  });

  it('that nobody has to approve is carried out at once', () => {
    expect(planning().finish('plan', planned(['a'])).run.state.kind).toBe('executing');
  });

  it('is asked for by `plan`, which ends when the plan is there', () => {
    expect(told(awaiting(), 'plan')).toBe('done: ');
  });

  it.each([
    ['a command', (world: WorldOfDecisions) => comment(world, '/pilot plan')],
    ['a label', (world: WorldOfDecisions) => label(world, 'pilot:plan')],
  ])('that %s asks for while a run is planned waits for its approval as well', (_, ask) => {
    const world = ask(planning())
      .settle()
      .finish('plan', planned(['a']));
    expect([world.run.state.kind, world.listWork()]).toEqual(['awaiting_approval', []]);
    expect(told(world, 'plan')).toBe('done: ');
  });

  it('that is carried out already cannot be asked for', () => {
    const world = comment(planning().finish('plan', planned(['a'])), '/pilot plan').settle();
    expect(told(world, 'plan')).toMatchInlineSnapshot(
      `"refused: Run r1 carries its plan out already, so that no plan waits for an approval; \`/pilot stop\` ends it."`,
    );
    expect(world.run.needsApproval).toBeUndefined();
  });

  it('is carried out once it is approved, and the time of waiting is no working time', () => {
    const world = shown(awaiting())
      .sleepThrough(30 * dayMs)
      .settle();
    comment(world, '/pilot approve').settle();
    expect(world.run.approval).toEqual({ plan: 'plan-hash', by: 'mona', at: world.now });
    expect(told(world)).toMatchInlineSnapshot(`"done: Plan \`plan-hash\` is approved: run r1 carries it out."`);
    world.finish('attempt', anchored()).finish('integrate', integrated(['a']));
    expect(world.run.state).toMatchObject({ kind: 'reviewing' });
  });

  it('is approved by the operator as well', () => {
    const world = awaiting().put({ kind: 'requested', key: 'k', command: 'approve plan-hash', actor: mona }).settle();
    expect(world.run.state.kind).toBe('executing');
  });

  it('is approved once', () => {
    const world = comment(awaiting(), '/pilot approve plan-hash').settle();
    comment(world, '/pilot approve').settle();
    expect(told(world)).toMatchInlineSnapshot(
      `"done: Plan \`plan-hash\` was approved by @​mona already; no other one waits."`,
    );
    comment(world, '/pilot approve another-one').settle();
    expect(told(world)).toMatchInlineSnapshot(
      `"refused: Plan \`plan-hash\` was approved by @​mona already; no other one waits."`,
    );
  });
});

describe('an approval', () => {
  it.each([
    ['a reader', { actor: { ...mallory, login: 'rita' } }],
    ['a stranger', { actor: mallory, association: 'NONE' }],
    ['somebody of whom GitHub says nothing', { actor: { ...mona, login: 'nobody' } }],
    ['a bot', { actor: { ...mona, kind: 'bot' as const } }],
  ])('by %s starts nothing', (_, by) => {
    const world = comment(shown(awaiting()), '/pilot approve', by).settle();
    expect(world.run.state.kind).toBe('awaiting_approval');
    expect(world.listWork()).toEqual([]);
  });

  it('of a plan that names protected places is for maintainers', () => {
    const protectedTask = { ...plannedTask('a'), ownedPaths: ['.github/dependabot.yml'] };
    const world = comment(new WorldOfDecisions(), '/pilot plan').settle();
    world.finish('plan', { ...planned(['a']), tasks: [protectedTask] });
    comment(shown(world), '/pilot approve').settle();
    expect(told(world)).toMatchInlineSnapshot(
      `"refused: \`approve\` needs maintain permission on this repository; you have write."`,
    );
    comment(world, '/pilot approve', { actor: { ...mona, login: 'otto' } }).settle();
    expect(world.run.state.kind).toBe('executing');
  });

  it('of another plan names both', () => {
    const world = comment(awaiting(), '/pilot approve deadbeef').settle();
    expect(told(world)).toMatchInlineSnapshot(
      `"refused: The plan that waits is \`plan-hash\`, and \`deadbeef\` is another one: nothing was approved. To approve the one that waits, say \`/pilot approve plan-hash\`."`,
    );
    expect(world.run.state.kind).toBe('awaiting_approval');
    // So little of a hash names nothing.
    comment(world, '/pilot approve plan').settle();
    expect(world.run.state.kind).toBe('awaiting_approval');
  });

  it('that was written before the plan was shown is for another one, however late it arrives, unless it names this one', () => {
    const waiting = () => shown(awaiting());
    const shownAt = waiting().run.plan?.shownAt ?? 0;
    const world = comment(waiting(), '/pilot approve', { writtenAt: shownAt - 1_000 }).settle();
    expect(told(world)).toContain('was not posted yet when you approved');
    expect(world.run.state.kind).toBe('awaiting_approval');
    comment(world, '/pilot approve plan-hash', { writtenAt: shownAt - 1_000 }).settle();
    expect(world.run.state.kind).toBe('executing');
    // GitHub's moments are whole seconds, rounded down.
    const prompt = comment(waiting(), '/pilot approve', { writtenAt: shownAt - 999 }).settle();
    expect(prompt.run.state.kind).toBe('executing');
  });

  it('that names no plan is for the one that people can see', () => {
    const world = comment(awaiting(), '/pilot approve').settle();
    expect(told(world)).toMatchInlineSnapshot(
      `"refused: Plan \`plan-hash\` was not posted yet when you approved. If it is the one that you want, say \`/pilot approve plan-hash\`."`,
    );
    expect(world.run.state.kind).toBe('awaiting_approval');
    comment(world, '/pilot approve plan-hash').settle();
    expect(world.run.state.kind).toBe('executing');
  });

  it('is not taken while nobody can say what the issue says', () => {
    const world = shown(awaiting());
    world.fingerprint = undefined;
    comment(world, '/pilot approve').settle();
    expect(told(world)).toMatchInlineSnapshot(
      `"refused: Plan \`plan-hash\` was not approved: GitHub did not say whether the issue is still what it was made from. Please try again."`,
    );
    expect(world.run.state.kind).toBe('awaiting_approval');
  });

  it('finds the issue edited although GitHub never said so', () => {
    const world = shown(awaiting());
    world.fingerprint = 'issue-2';
    comment(world, '/pilot approve').settle();
    expect(told(world)).toMatchInlineSnapshot(
      `"refused: Plan \`plan-hash\` was not approved: the issue was edited after it was made. It is planned again."`,
    );
    expect(world.run.state.kind).toBe('planning');
  });

  it.each(['run', 'resume', 'finish', 'continue', 'retry', 'skip a nobody needs it', 'merge'])(
    'is not replaced by `%s`',
    (command) => {
      const world = comment(awaiting(), `/pilot ${command}`).settle();
      expect(told(world, command.split(' ')[0])).toContain('refused: ');
      expect(world.run.state.kind).toBe('awaiting_approval');
    },
  );

  it.each(['resume', 'retry'])('is not saved by stopping the run and going on with `%s`', (command) => {
    const world = comment(awaiting(), '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
    comment(world, `/pilot ${command}`).settle();
    expect(['awaiting_approval', 'stopped']).toContain(world.run.state.kind);
    expect(world.listWork()).toEqual([]);
  });

  it('outlasts a stop and a resume', () => {
    const world = comment(awaiting(), '/pilot approve plan-hash').settle();
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot resume').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing' });
  });

  it('beside a pause is kept, and the run goes on when it is resumed', () => {
    const world = comment(pausedAwaiting(), '/pilot approve plan-hash').settle();
    expect(world.run.state.kind).toBe('paused');
    expect(told(world)).toMatchInlineSnapshot(
      `"done: Plan \`plan-hash\` is approved. Run r1 is paused: \`/pilot resume\` carries it out."`,
    );
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('executing');
  });

  it('loses against a stop that came before it, and a stop after it ends what it started', () => {
    const late = awaiting();
    comment(late, '/pilot stop');
    comment(late, '/pilot approve plan-hash').settle();
    const early = awaiting();
    comment(early, '/pilot approve plan-hash');
    comment(early, '/pilot stop').settle();
    for (const world of [late, early]) expect([world.run.state.kind, world.listWork()]).toEqual(['stopped', []]);
  });
});

describe('an edit of the issue', () => {
  it('after the plan was made has it planned again, and says so', () => {
    const world = edit(awaiting(), 'issue-2').settle();
    expect(world.run).toMatchObject({ state: { kind: 'planning' }, tasks: [], ahead: [] });
    expect(world.run.plan).toBeUndefined();
    expect(world.run.replans).toEqual([{ at: world.now, plan: 'plan-hash', why: 'edited' }]);
    world.finish('plan', { ...planned(['b']), hash: 'plan-two', fingerprint: 'issue-2' });
    expect([world.run.state.kind, world.run.tasks.map(({ key }) => key)]).toEqual(['awaiting_approval', ['b']]);
    comment(world, '/pilot approve plan-hash').settle();
    expect(told(world)).toContain('`plan-two`');
    expect(told(world)).toContain('`plan-hash`');
    comment(world, '/pilot approve plan-two').settle();
    expect(world.run.state.kind).toBe('executing');
  });

  it('while it is planned has it planned once more', () => {
    const world = comment(new WorldOfDecisions(), '/pilot plan').settle();
    const holder = world.begin('plan');
    edit(world, 'issue-2').settle();
    world.report(holder, planned(['a']));
    expect(world.run.state.kind).toBe('planning');
    world.finish('plan', { ...planned(['a']), fingerprint: 'issue-2' });
    expect(world.run.state.kind).toBe('awaiting_approval');
  });

  it('while somebody holds the run has it planned again when that is over', () => {
    const world = edit(pausedAwaiting(), 'issue-2').settle();
    expect(world.run.state.kind).toBe('paused');
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('planning');
  });

  it.each([
    ['between a pause and a resume', 'resume', () => comment(pausedAwaiting(), '/pilot approve plan-hash').settle()],
    ['of a run that was stopped before an agent worked', 'resume', stoppedApproved],
    ['of such a run, found by a retry', 'retry a', stoppedApproved],
  ])('after the approval, %s, voids it before anything starts', (_, command, make) => {
    const world = edit(make(), 'issue-2').settle();
    comment(world, `/pilot ${command}`).settle();
    expect(world.run).toMatchObject({ state: { kind: 'planning' }, replans: [{ plan: 'plan-hash', why: 'edited' }] });
    expect([world.run.approval, world.listWork()]).toEqual([undefined, ['r1-plan-2']]);
    world.finish('plan', { ...planned(['b']), hash: 'plan-two', fingerprint: 'issue-2' });
    expect(world.run.state.kind).toBe('awaiting_approval');
  });

  it('after the approval, while its base is checked, has it planned again and nobody works meanwhile', () => {
    const world = new WorldOfDecisions();
    if (world.facts) world.facts = { ...world.facts, policyText: policyThatChecksBase };
    comment(world, '/pilot plan')
      .settle()
      .finish('plan', planned(['a']));
    comment(world, '/pilot approve plan-hash').settle();
    const holder = world.begin('baseline');
    edit(world, 'issue-2').settle();
    expect(world.run.state.kind).toBe('planning');
    world.report(holder, { kind: 'stopped' });
    expect(world.listWork()).toEqual(['r1-plan-2']);
  });

  it('after whole batches were left out by hand, with nothing attempted, has it planned again', () => {
    const world = required(policyThatChecksBase);
    comment(world, '/pilot approve plan-hash').settle();
    comment(world, '/pilot skip a it is not needed').settle();
    while (world.find('pilot')) world.finish('pilot', fellBack());
    expect(world.run).toMatchObject({ state: { kind: 'executing', phase: 'attempting' }, behind: [['a']] });
    const holder = world.begin('baseline');
    edit(world, 'issue-2').settle();
    world.report(holder, { kind: 'stopped' });
    expect(world.run).toMatchObject({ state: { kind: 'planning' }, behind: [], boundaries: [] });
    world.finish('plan', { ...planned(['c']), hash: 'plan-two', fingerprint: 'issue-2' });
    expect(world.run.state.kind).toBe('awaiting_approval');
  });

  it('while the pilot looks at such a batch is found before anything starts', () => {
    const world = required();
    world.fingerprint = 'issue-1';
    comment(world, '/pilot approve plan-hash');
    comment(world, '/pilot skip a it is not needed').settle();
    const holder = world.begin('pilot');
    world.fingerprint = 'issue-2';
    world.report(holder, fellBack());
    expect(world.run).toMatchObject({ state: { kind: 'planning' }, tasks: [] });
  });

  it('is looked for as long as nothing was built, also of a run that rests', () => {
    expect(isFingerprintNeeded(stoppedApproved().run)).toBe(true);
    const world = comment(awaiting(), '/pilot approve plan-hash').settle().finish('attempt', failedAttempt(red));
    expect(isFingerprintNeeded(comment(world, '/pilot stop').settle().run)).toBe(false);
    expect(isFingerprintNeeded(comment(attempting(), '/pilot stop').settle().run)).toBe(false);
  });

  it('once an agent has worked voids nothing', () => {
    const world = comment(awaiting(), '/pilot approve plan-hash').settle();
    edit(world, 'issue-2').settle();
    expect(world.run.state.kind).toBe('executing');
    world.finish('attempt', failedAttempt(red));
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('executing');
  });

  it('that changes nothing that is read voids nothing', () => {
    expect(edit(awaiting(), 'issue-1').settle().run.state.kind).toBe('awaiting_approval');
  });

  it('is nothing to a run whose plan nobody has to approve', () => {
    const world = edit(planning().finish('plan', planned(['a'])), 'issue-2').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing' });
    expect(world.record.title).toBe('Fix both error pages');
  });
});

describe('what the issue says, while GitHub does not tell,', () => {
  /** Approved and held, and then nobody can be asked. */
  function unknown(make: () => WorldOfDecisions): WorldOfDecisions {
    const world = make();
    world.fingerprint = undefined;
    comment(world, '/pilot resume').settle();
    expect([world.run.state.kind, world.listWork()]).toEqual(['executing', []]);
    return world;
  }
  const held = () => comment(pausedAwaiting(), '/pilot approve plan-hash').settle();

  it.each([
    ['a pause', held],
    ['a stop', stoppedApproved],
  ])('is waited for by a resume after %s, and what was approved is carried out then', (_, make) => {
    const world = unknown(make);
    world.pass(1_000);
    expect(world.listWork()).toEqual([]);
    world.fingerprint = 'issue-1';
    world.pass(60_000);
    expect(world.find('attempt')?.action).toMatchObject({ task: 'a', number: 1 });
    expect(world.run.waits).toBeUndefined();
    expect(world.run.troubles).toEqual({});
  });

  it('is waited for, and an edit that is found then has it planned again', () => {
    const world = unknown(held);
    world.fingerprint = 'issue-2';
    world.pass(60_000);
    expect(world.run).toMatchObject({ state: { kind: 'planning' }, replans: [{ why: 'edited' }] });
  });

  it('is waited for in a hold when that lasts, which looks by itself whether it is over', () => {
    const world = unknown(stoppedApproved).pass(4 * 60_000);
    expect(world.run.state).toMatchObject({ kind: 'paused', cause: { kind: 'infrastructure', system: 'github' } });
    world.pass(60 * 60_000);
    expect([world.run.state.kind, world.run.tasks[0]?.attempts]).toEqual(['paused', []]);
    world.fingerprint = 'issue-1';
    world.pass(3 * 60 * 60_000);
    expect(world.find('attempt')?.action).toMatchObject({ task: 'a', number: 1 });
  });

  it('is asked for as long as nothing else would have it read', () => {
    const { run } = unknown(held);
    expect([isAboutToStart(run), isAboutToStart(awaiting().run)]).toEqual([true, false]);
  });
});
