// What waits for a person and is not let through: a plan is made anew once, a change that is held back is built otherwise, and
// whoever does it is told why.
import { describe, expect, it } from 'vitest';
import { renderAttemptPrompt } from '../../../src/core/prompt/render-attempt-prompt.ts';
import { renderAllDenials } from '../../../src/core/prompt/render-denials.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  base,
  comment,
  conflicting,
  found,
  integrated,
  mona,
  planned,
  published,
  resolved,
  reviewed,
  sha,
  verified,
} from './outcome.ts';
import { attempting, awaiting, fixing, heldBack, pausedAwaiting, ready, verifying } from './place.ts';

const otto = { id: 2, login: 'otto', kind: 'person' } as const;
const config = ['.github/gatepilot.yml'];

/** The comment in which people read what waits is there. */
function shown(world: WorldOfDecisions): WorldOfDecisions {
  return world.passShown(0);
}

function deny(world: WorldOfDecisions, reason = 'It is too much.', actor: typeof mona = otto): string {
  comment(world, `/pilot deny ${reason}`, { actor }).settle();
  return told(world);
}

function told(world: WorldOfDecisions): string {
  const receipt = world.findReceipt('deny');
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

function listStates(world: WorldOfDecisions): string[] {
  return world.run.tasks.map(({ key, state }) => `${key} ${state.kind}`);
}

function promptOf(world: WorldOfDecisions, key: string): string {
  const task = world.run.tasks.find((one) => one.key === key);
  return task ? renderAttemptPrompt(world.run, task) : '';
}

/** An attempt of the named task that changes these files, as a commit of its own. */
function built(commit: string, paths: string[]) {
  return { ...anchored(commit), paths };
}

/** Two tasks of one batch, and one that is built on both; the first touched the settings. */
function heldBackInTwoBatches(): WorldOfDecisions {
  const world = attempting(['a', 'b'], ['c']);
  for (const [key, commit, paths] of [
    ['a', sha('3'), config],
    ['b', sha('4'), ['b/one.ts']],
  ] as const)
    world.report(
      world.begin(world.listOpen().find(({ action }) => 'task' in action && action.task === key)?.action.id ?? ''),
      built(commit, [...paths]),
    );
  world.settle().finish('integrate', integrated(['a', 'b'], { commit: sha('5') }));
  world.finish('attempt', built(sha('6'), ['c/two.ts'])).finish('integrate', integrated(['c'], { commit: sha('7') }));
  return world.finish('verify', verified(sha('7'), 0, { touched: config, patch: 'patch-id' }));
}

describe('a plan that is denied', () => {
  it('is made anew by a planner who is told why, and waits for an approval of its own', () => {
    const world = shown(awaiting());
    expect(deny(world, 'It leaves the tests out.', mona)).toMatchInlineSnapshot(
      `"done: Plan \`plan-hash\` is denied: run r1 is planned once more, and the planner is told why."`,
    );
    expect(world.run).toMatchObject({ state: { kind: 'planning' }, tasks: [], ahead: [] });
    expect(world.listWork()).toEqual(['r1-plan-2']);
    expect(world.run.denials).toEqual([
      {
        at: world.now,
        by: 'mona',
        reason: 'It leaves the tests out.',
        of: { kind: 'plan', plan: 'plan-hash', tasks: ['a: Task a'] },
      },
    ]);
    const prompt = renderAllDenials(world.run);
    for (const part of ['a: Task a', '@mona', 'It leaves the tests out.']) expect(prompt).toContain(part);
    expect(renderSticky(world.run, 1)).toContain('Plan `plan-hash` was denied: "It leaves the tests out.".');
    world.finish('plan', { ...planned(['b']), hash: 'plan-two' });
    expect([world.run.state.kind, world.listWork()]).toEqual(['awaiting_approval', []]);
    comment(world, '/pilot approve plan-two').settle();
    expect(world.run.state.kind).toBe('executing');
    // Whoever builds is told of what was built and denied, and not of plans.
    expect(promptOf(world, 'b')).not.toContain('It leaves the tests out.');
  });

  it('twice stops the run with the reason, and a resume has it planned with both', () => {
    const world = shown(awaiting());
    deny(world, 'Too much.', mona);
    world.finish('plan', { ...planned(['b']), hash: 'plan-two' });
    expect(deny(shown(world), 'Too little.', mona)).toContain(
      'done: Plan `plan-two` is denied, and so was one before it',
    );
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona', reason: 'Too little.' });
    expect(renderSticky(world.run, 1)).toContain('**Stopped** by @\u200bmona (Too little.).');
    expect(world.listWork()).toEqual([]);
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('planning');
    for (const part of ['Too much.', 'Too little.']) expect(renderAllDenials(world.run)).toContain(part);
  });

  it('while somebody holds the run is made anew when that is over', () => {
    const world = shown(pausedAwaiting());
    expect(deny(world, 'No.', mona)).toContain('is planned once more when `/pilot resume` goes on');
    expect([world.run.state.kind, world.listWork()]).toEqual(['paused', []]);
    comment(world, '/pilot resume').settle();
    expect(world.run.state.kind).toBe('planning');
  });

  it('is nothing to somebody who may not, to a plan that nobody has seen, and to another answer', () => {
    const world = awaiting();
    expect(deny(world, 'No.', mona)).toContain('refused: What waits now was not posted yet when you denied');
    expect(deny(shown(world), 'No.', { id: 9, login: 'rita', kind: 'person' })).toContain('needs write permission');
    expect(deny(world, '<!-- No. -->', mona)).toContain('refused: Nothing of that reason can be seen');
    expect(world.run.state.kind).toBe('awaiting_approval');
    const shownAt = world.run.plan?.shownAt ?? 0;
    comment(world, '/pilot deny No.', { writtenAt: shownAt - 1_000 }).settle();
    expect(told(world)).toContain('was not posted yet');
    comment(world, '/pilot approve').settle();
    expect(deny(world, 'No.', mona)).toContain('refused: Plan `plan-hash` was approved by @\u200bmona already');
    expect(world.run.state.kind).toBe('executing');
  });

  it('of protected places is denied by maintainers, as it is approved by them', () => {
    const world = comment(new WorldOfDecisions(), '/pilot plan').settle();
    const plan = planned(['a']);
    world.finish('plan', { ...plan, tasks: plan.tasks.map((task) => ({ ...task, ownedPaths: config })) });
    expect(deny(shown(world), 'No.', mona)).toContain('needs maintain permission');
    expect(deny(world, 'No.')).toContain('done: ');
  });

  it('is denied once, whatever else is answered, and not after a stop', () => {
    const world = shown(awaiting());
    deny(world, 'No.', mona);
    expect(deny(world, 'No.', mona)).toContain(
      'done: Nothing of run r1 waits for a person: plan `plan-hash` was denied',
    );
    expect(deny(world, 'Never.', mona)).toContain('refused: Nothing of run r1 waits for a person: plan `plan-hash`');
    comment(world, '/pilot approve plan-hash').settle();
    expect(world.findReceipt('approve')?.state.kind).toBe('refused');
    expect([world.run.state.kind, world.run.denials?.length]).toEqual(['planning', 1]);
    const late = comment(shown(awaiting()), '/pilot stop').settle();
    expect(deny(late, 'No.', mona)).toContain('refused: ');
    expect([late.run.state.kind, late.run.denials]).toEqual(['stopped', undefined]);
  });
});

describe('a change that is held back and denied', () => {
  it('is built anew from what people see, by an agent who is told why, and nothing of it is pushed', () => {
    const world = heldBack();
    expect(deny(world, 'Five is too many; use three.')).toMatchInlineSnapshot(
      `"done: Denied, and never pushed. \`a\` is built anew, with that reason. The patch is kept as artifact \`patch-id\`."`,
    );
    expect(world.run).toMatchObject({ state: { kind: 'executing', phase: 'attempting' }, ahead: [['a']] });
    expect([world.run.integration, world.run.verification]).toEqual([undefined, undefined]);
    expect(world.find('attempt')?.action).toMatchObject({ task: 'a', number: 2, base });
    expect(world.outbox.some(({ action }) => action.kind === 'publish_branch')).toBe(false);
    const prompt = promptOf(world, 'a');
    for (const part of ['# What people denied', '.github/gatepilot.yml', '@otto', 'Five is too many; use three.'])
      expect(prompt).toContain(part);
    expect(renderSticky(world.run, 1)).toContain('kept as artifact `patch-id`, and never pushed');
    // What is made of it is verified, and held back again where it touches the same.
    world.finish('attempt', anchored(sha('2'))).finish('integrate', integrated(['a'], { commit: sha('2') }));
    world.finish('verify', verified(sha('2'), 0, { touched: [] }));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('2') });
    world.finish('publish_branch', published(sha('2')));
    expect(world.run.state.kind).toBe('ready');
  });

  it('takes along what was built on it, and leaves what stands on its own', () => {
    const world = heldBackInTwoBatches();
    expect(deny(world)).toMatchInlineSnapshot(
      `"done: Denied, and never pushed. \`a\` is built anew, with that reason. What was built on that goes with it: \`c\`. The patch is kept as artifact \`patch-id\`."`,
    );
    // What stands on its own is merged first, onto what people see.
    expect(listStates(world)).toEqual(['a pending', 'b anchored', 'c pending']);
    expect(world.find('integrate')?.action).toMatchObject({
      onto: base,
      contributions: [{ task: 'b', commit: sha('4') }],
    });
    world.finish('integrate', integrated(['b'], { commit: sha('4') }));
    expect(world.find('attempt')?.action).toMatchObject({ base: sha('4') });
    expect(world.run.integration?.commit).toBe(sha('4'));
  });

  it('fails with the reason where no attempt is left, and whoever waits for it is blocked', () => {
    const world = heldBackInTwoBatches();
    for (const task of world.run.tasks) if (task.key === 'c') task.dependsOn = ['a'];
    world.run.policy.maxAttempts = 1;
    expect(deny(world)).toContain('`a` has failed: no attempt is left for that.');
    expect(world.run.tasks[0]?.state).toEqual({
      kind: 'failed',
      cause: { kind: 'denied', by: 'otto', reason: 'It is too much.', paths: config },
    });
    expect(listStates(world)).toEqual(['a failed', 'b anchored', 'c blocked']);
    world.finish('integrate', integrated(['b'], { commit: sha('4') }));
    expect(world.run.state).toMatchObject({ kind: 'reviewing' });

    const alone = heldBack();
    alone.run.policy.maxAttempts = 1;
    deny(alone);
    expect(alone.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'tasks_failed' } });
    comment(alone, '/pilot retry').settle();
    expect(promptOf(alone, 'a')).toContain('It is too much.');
  });

  it('gives what was built on it another attempt where it has none left', () => {
    const world = heldBackInTwoBatches();
    const [a] = world.run.tasks;
    world.run.policy.maxAttempts = 1;
    if (a) a.granted = 1;
    deny(world);
    expect(listStates(world)).toEqual(['a pending', 'b anchored', 'c pending']);
    expect(world.run.tasks[2]?.granted).toBe(1);
  });

  it('is for whoever could override it, and only while it waits', () => {
    const world = heldBack();
    expect(deny(world, 'No.', mona)).toContain('needs maintain permission');
    comment(world, '/pilot deny No.', { actor: otto, writtenAt: world.now - 5_000 }).settle();
    expect(told(world)).toContain('refused: What waits now was not posted yet');
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override' });
    comment(world, `/pilot override protected-paths ${sha('1')} It is meant so.`, { actor: otto });
    comment(world, '/pilot deny No.', { actor: otto }).settle();
    expect(told(world)).toContain('refused: `protected-paths` was overridden by @\u200botto already.');
    expect(world.find('publish_branch')).toBeDefined();

    const other = heldBack();
    comment(other, '/pilot deny No.', { actor: otto });
    comment(other, `/pilot override protected-paths ${sha('1')} It is meant so.`, { actor: otto }).settle();
    expect(other.findReceipt('override')?.state.kind).toBe('refused');
    expect(deny(other, 'No.')).toContain('done: ');
    expect(deny(other, 'Never.')).toContain('refused: ');

    const late = comment(heldBack(), '/pilot stop').settle();
    expect(deny(late)).toContain('refused: ');
    expect(late.run.denials).toBeUndefined();
  });

  it('starts nothing where the run is being finished or somebody holds it by the label', () => {
    const world = heldBackInTwoBatches();
    comment(world, '/pilot finish').settle();
    expect(deny(world)).toContain('`a` has failed: the run is being finished.');
    expect(world.find('attempt')).toBeUndefined();
    const held = heldBack();
    held.record.held = { by: 'mona', at: held.now, threads: [1] };
    expect(deny(held)).toContain('refused: The label `pilot:hold` is on');
    expect([held.run.state, held.listWork()]).toMatchObject([{ kind: 'paused', wants: 'override' }, []]);
  });

  it('of a round of fixes is worked on once more, on what people see', () => {
    const world = fixing();
    world.finish('attempt', built(sha('2'), config)).finish('integrate', integrated(['fix-1'], { commit: sha('2') }));
    world.finish('verify', verified(sha('2'), 0, { touched: config, patch: 'patch-id' }));
    world.finish('review', reviewed({ ...found(), status: 'fixed' }));
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override' });
    deny(world);
    expect(world.find('attempt')?.action).toMatchObject({ task: 'fix-1', number: 2, base: sha('1') });
    world.run.policy.maxAttempts = 2;
    world.finish('attempt', built(sha('3'), config)).finish('integrate', integrated(['fix-1'], { commit: sha('3') }));
    world.finish('verify', verified(sha('3'), 0, { touched: config, patch: 'patch-id' }));
    world.finish('review', reviewed({ ...found(), status: 'fixed' }));
    deny(world, 'No.');
    // Nothing of the round is pushed, and the branch is as if there had been none.
    expect(world.run.fixes?.at(-1)?.end).toMatchObject({ kind: 'dropped' });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('1') });
  });

  it('of a conflict with the base is settled once more, and left as it was when that was tried often enough', () => {
    const world = ready();
    comment(world, '/pilot rebase').settle().finish('verify', conflicting());
    const touching = { paths: config, secondary: [], removed: [] };
    world.finish('repair', resolved(sha('1'), touching));
    world.finish('verify', verified(sha('6'), 0, { touched: config, patch: 'patch-id' }));
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override' });
    expect(deny(world)).toContain('The conflict is settled once more, with that reason.');
    expect([world.run.broughtIn, world.run.resolutions?.[0]?.end]).toMatchObject([undefined, { kind: 'failed' }]);
    world.finish('verify', conflicting());
    world.finish('repair', resolved(sha('1'), { ...touching, commit: sha('7') }));
    world.finish('verify', verified(sha('7'), 0, { touched: config, patch: 'patch-id' }));
    world.run.policy.maxAttempts = 2;
    expect(deny(world, 'No.')).toContain('Agents have settled this as often as they may');
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'denied' } });
    expect(world.outbox.some(({ action }) => action.kind === 'publish_branch')).toBe(false);
  });
});

it('nothing is denied where nothing waits', () => {
  expect(deny(ready())).toMatchInlineSnapshot(`"refused: Nothing of run r1 waits for a person who could deny it."`);
  expect(deny(new WorldOfDecisions())).toContain('No run was started here yet.');
  const world = verifying();
  expect(deny(world, 'a'.repeat(3_000))).toContain('refused: ');
});
