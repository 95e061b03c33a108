import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { openRecord } from '../../../src/core/model/record.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { DesiredCheck } from '../../../src/core/reply/view.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  failedAttempt,
  integrated,
  label,
  merged,
  nothing,
  outage,
  press,
  published,
  pull,
  sha,
  treeOf,
  verified,
} from './outcome.ts';
import { closed, failedWithPull, publishing, ready, readyInPart, superseded, verifyingPush } from './place.ts';

const webhook = { merged: true, mergeSha: sha('e') };

describe('before the publisher reported', () => {
  it('a webhook makes the pull request known, and the result changes nothing of it', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    pull(world, 'opened').settle();
    expect(world.run.pullRequest).toMatchObject({ number: 9, head: sha('1'), state: 'open' });
    // Whoever says stop on it while its publisher is dead is heard.
    expect([...world.aliases]).toEqual([9]);
    world.report(holder, published());
    expect(world.run.state.kind).toBe('ready');
    expect([...world.aliases]).toEqual([9]);
  });

  it('one of another bot, whose branch is called like that of the run, is not taken for it', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    world.pulls = { 9: { headSha: sha('7'), baseBranch: 'main', state: 'open', isOurs: false } };
    pull(world, 'opened', { headSha: sha('7') }).settle();
    expect(world.run.pullRequest).toBeUndefined();
    expect([...world.aliases]).toEqual([]);
    pull(world, 'closed', { headSha: sha('7') }).settle();
    expect(world.run.state.kind).not.toBe('closed');
    world.pulls = {};
    world.report(holder, published());
    expect(world.run.pullRequest).toMatchObject({ number: 9, head: sha('1') });
  });

  it('a pull request that was closed again closes the run', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    pull(pull(world, 'opened'), 'closed').settle();
    expect(world.run.state).toMatchObject({ kind: 'closed', by: 'mona' });
    world.report(holder, published());
    expect(world.run.state.kind).toBe('closed');
    expect(world.listWork()).toEqual([]);
  });

  it('a pull request that was merged is proven', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    pull(world, 'closed', webhook).settle();
    world.report(holder, published());
    expect(world.listWork()).toEqual(['r1-prove-1']);
    world.finish('prove_merge', merged(undefined, 'person'));
    expect(world.run.state).toMatchObject({ kind: 'merged', by: 'person' });
  });

  it('a push over it is verified, and never offered on the older verdict', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    pull(pull(world, 'opened'), 'synchronize', { headSha: sha('2') }).settle();
    world.report(holder, published());
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), origin: 'pushed' });
  });

  it('a push over it is verified also when the publisher could not tell how it ended', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    pull(pull(world, 'opened'), 'synchronize', { headSha: sha('2') }).settle();
    world.report(holder, { kind: 'failed', cause: outage });
    expect(world.find('publish_branch')?.action).not.toMatchObject({ head: sha('2') });
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), origin: 'pushed' });
  });

  it('another base branch keeps the gate closed', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    pull(pull(world, 'opened'), 'edited', { baseBranch: 'release' }).settle();
    world.report(holder, published());
    expect(world.run.pullRequest?.baseBranch).toBe('release');
    expect(evaluateGate(world.run).state.kind).toBe('closed');
  });
});

describe('a publisher that finds its pull request', () => {
  it('closed closes the run', () => {
    const world = publishing().finish('publish_branch', published(sha('1'), 'closed'));
    expect(world.run.state.kind).toBe('closed');
  });

  it('closed stays closed when its opening is told late and GitHub cannot be asked', () => {
    const world = pull(ready(), 'closed').settle();
    pull(world, 'opened').settle();
    expect(world.run.pullRequest?.state).toBe('closed');
    pull(world, 'reopened').settle();
    expect(world.run.pullRequest?.state).toBe('open');
  });

  it('merged has the merge proven', () => {
    const world = publishing().finish('publish_branch', published(sha('1'), 'merged'));
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { kind: 'person' } });
    expect(world.listWork()).toEqual(['r1-prove-1']);
  });
});

describe('a push', () => {
  it('over a ready head is verified anew', () => {
    const world = verifyingPush();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), origin: 'pushed', isFresh: false });
    world.finish('verify', verified(sha('2')));
    expect(world.run.state.kind).toBe('ready');
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('while one is verified makes the older result worthless', () => {
    const world = verifyingPush();
    const holder = world.begin('verify');
    pull(world, 'synchronize', { headSha: sha('3') }).settle();
    world.report(holder, verified(sha('2')));
    expect(world.run.verification?.key.head).toBe(sha('1'));
    expect(world.find('verify')?.action).toMatchObject({ head: sha('3') });
  });

  it('of our own head is none', () => {
    const world = pull(ready(), 'synchronize', { headSha: sha('1') }).settle();
    expect(world.run.state.kind).toBe('ready');
    expect(world.listWork()).toEqual([]);
  });

  it('that goes back to our own head is verified as ours', () => {
    const world = verifyingPush().finish('verify', verified(sha('2')));
    pull(world, 'synchronize', { headSha: sha('1') }).settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('1'), origin: 'ours' });
  });

  it('that repairs a conflict goes on with a failed run', () => {
    const world = pull(failedWithPull(), 'synchronize', { headSha: sha('3') }).settle();
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
  });

  it('told in the wrong order is what GitHub says it is', () => {
    const world = ready();
    world.pulls = { 9: { headSha: sha('3'), baseBranch: 'main', state: 'open', isOurs: true } };
    pull(world, 'synchronize', { headSha: sha('3') });
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    expect(world.run.pullRequest?.head).toBe(sha('3'));
    expect(world.find('verify')?.action).toMatchObject({ head: sha('3') });
  });

  it('that does not continue our branch supersedes the run and executes nothing', () => {
    const world = superseded();
    expect(world.run.state).toMatchObject({ kind: 'superseded', head: sha('2') });
    expect(world.listWork()).toEqual([]);
  });

  it('after the run was closed starts nothing', () => {
    const world = pull(pull(closed(), 'reopened'), 'synchronize', { headSha: sha('2') }).settle();
    expect(world.run.state.kind).toBe('closed');
    expect(world.listWork()).toEqual([]);
  });
});

describe('Recheck', () => {
  it('runs the commands again on the same head', () => {
    const world = press(ready(), 'recheck').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('1'), isFresh: true });
    expect(world.record.receipts.at(-1)?.state.kind).toBe('done');
  });

  it('goes on with a run that failed or was stopped with its pull request open', () => {
    for (const world of [failedWithPull(), comment(verifyingPush(), '/pilot stop').settle()]) {
      press(world, 'recheck').settle();
      expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), isFresh: true });
    }
  });

  it('is refused while work goes on, where it is over, and for people without write permission', () => {
    const stranger = { id: 2, login: 'rita', kind: 'person' } as const;
    const answers = [
      press(verifyingPush(), 'recheck'),
      press(closed(), 'recheck'),
      press(ready(), 'recheck', stranger),
    ].map((world) => {
      const before = world.run.state;
      world.settle();
      expect(world.run.state).toEqual(before);
      const receipt = world.record.receipts.at(-1);
      return `${receipt?.state.kind}: ${receipt?.reply}`;
    });
    expect(answers).toMatchInlineSnapshot(`
      [
        "refused: Run r1 has not come to its end; the newest head is verified without being asked.",
        "refused: Pull request #9 is closed: there is nothing to verify.",
        "refused: \`recheck\` needs write permission on this repository; you have read.",
      ]
    `);
  });
});

describe('a pull request that people merge while more is being built', () => {
  /** A second task is tried again while the pull request is open. */
  function retrying(): WorldOfDecisions {
    return comment(readyInPart(), '/pilot retry b').settle();
  }
  const byHand = { merged: true, mergeSha: sha('e') } as const;

  it('is merged, whatever the agents that it ended say of the world outside', () => {
    const world = retrying();
    const holder = world.begin('attempt');
    pull(world, 'closed', byHand).settle();
    world.report(holder, failedAttempt({ kind: 'model_refused', detail: 'no such key' }, nothing));
    world.finish('prove_merge', merged(treeOf(sha('1')), 'person'));
    expect(world.run.state.kind).toBe('merged');
  });

  it('is proven by the verdict of what was merged, not by that of the newest head', () => {
    const world = retrying().finish('attempt', anchored(sha('3')));
    world.finish('integrate', integrated(['b'], { commit: sha('3'), tree: treeOf(sha('3')) }));
    world.finish('verify', verified(sha('3')));
    pull(world, 'closed', byHand).settle();
    world.finish('prove_merge', merged(treeOf(sha('1')), 'person'));
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });

  it('is not proven by a verdict that is red', () => {
    const world = verifyingPush().finish('verify', verified(sha('2'), 1));
    pull(world, 'synchronize', { headSha: sha('1') }).settle();
    world.finish('verify', verified());
    pull(world, 'closed', byHand).settle();
    world.finish('prove_merge', merged(treeOf(sha('2')), 'person'));
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: false });
  });
});

describe('a pull request that is closed', () => {
  it('with work under way has that ended, also when its holder is dead already', () => {
    const world = verifyingPush();
    world.kill(world.begin('verify')).sleepThrough(11_000);
    pull(world, 'closed', { headSha: sha('2') }).settle();
    expect(world.run.state.kind).toBe('closed');
    expect(world.listWork()).toEqual([]);
  });

  it('frees the subject for the next run, and nothing of the old one touches that', () => {
    const world = comment(closed(), '/pilot run').settle();
    expect(world.run.id).toBe('r2');
    pull(world, 'reopened').settle();
    pull(world, 'closed', webhook).settle();
    expect(world.run.state.kind).toBe('planning');
    expect(world.run.pullRequest).toBeUndefined();
  });

  it('says what to do once it is open again, and when somebody else has its head', () => {
    const told = /^The pull request was closed by .+ Nothing of it is verified any more: .+ a commit of its own/;
    const world = closed();
    expect(evaluateGate(world.run).because).not.toMatch(told);
    world.put({ kind: 'head_shared', number: 30, head: sha('1'), base: 'main', turn: 'one' }).settle();
    expect(evaluateGate(world.run).because).toMatch(told);
    const reopened = pull(closed(), 'reopened').settle();
    expect(evaluateGate(reopened.run)).toMatchObject({ because: expect.stringMatching(told) });
    press(reopened, 'recheck').settle();
    expect(reopened.record.receipts.at(-1)).toMatchObject({
      state: { kind: 'refused' },
      reply: expect.stringContaining('Nothing of it is verified any more'),
    });
  });

  it('and belongs to a stranger who named a branch like ours is not ours', () => {
    const world = publishing();
    pull(world, 'opened', { number: 50, isSameRepository: false }).settle();
    pull(world, 'opened', { number: 51, headBranch: 'gatepilot/1/r2' }).settle();
    pull(world, 'closed', { number: 52, headBranch: 'gatepilot/2/r1' }).settle();
    expect(world.run.pullRequest).toBeUndefined();
    expect(world.run.state.kind).toBe('reviewing');
  });
});

describe('a pull request that is open when its run is over and gone', () => {
  function checkOf(world: WorldOfDecisions, head: string): DesiredCheck | undefined {
    return renderView(world.record).checks.find(({ headSha }) => headSha === head);
  }

  /** Nothing is known of its run any more. */
  function gone(): WorldOfDecisions {
    const world = new WorldOfDecisions();
    world.record = openRecord(repository, 1, { isPullRequest: false, title: 'Fix the error page' });
    return world;
  }

  /** The next one is at work. */
  function followed(): WorldOfDecisions {
    const world = comment(closed(), '/pilot run').settle();
    delete world.record.ended;
    return world;
  }

  it.each<[string, () => WorldOfDecisions]>([
    ['archived', gone],
    ['followed by another', followed],
  ])('has a gate on each head that says what to do: %s', (_, make) => {
    const world = make();
    const { run } = world.record;
    pull(world, 'reopened', { headSha: sha('3') }).settle();
    expect(checkOf(world, sha('3'))).toMatchObject({
      name: 'gatepilot/gate',
      state: { kind: 'completed', conclusion: 'action_required' },
      summary: expect.stringContaining('a commit of its own'),
    });
    expect(checkOf(world, sha('3'))).not.toHaveProperty('isOnlyForKnown');
    const { urgent = 0 } = world.record.presentation;
    pull(world, 'synchronize', { headSha: sha('4') }).settle();
    expect(checkOf(world, sha('4'))?.state).toEqual({ kind: 'completed', conclusion: 'action_required' });
    expect(world.record.presentation.urgent).toBeGreaterThan(urgent);
    expect(world.record.run?.state).toEqual(run?.state);
    expect(world.record.run?.pullRequest).toBeUndefined();
    pull(world, 'closed', { headSha: sha('4') }).settle();
    expect(checkOf(world, sha('4'))).toBeUndefined();
    expect(world.record).not.toHaveProperty('outlived');
  });

  it('is told, with whatever has its head, that this needs a commit of its own', () => {
    const world = pull(gone(), 'reopened', { headSha: sha('3') }).settle();
    const { urgent = 0 } = world.record.presentation;
    world.put({ kind: 'head_shared', number: 30, head: sha('3'), base: 'main', turn: 'one' }).settle();
    expect(world.record.presentation.urgent).toBeGreaterThan(urgent);
    expect(checkOf(world, sha('3'))).not.toHaveProperty('isOnlyForKnown');
    expect(world.record.strays).toBeUndefined();
    // Also on a head that it had.
    world.put({ kind: 'head_shared', number: 31, head: sha('2'), base: 'main', turn: 'two' }).settle();
    expect(checkOf(world, sha('2'))?.summary).toContain('a commit of its own');
  });

  it('is not reviewed, and nothing of its issue in its place', () => {
    const world = pull(gone(), 'reopened', { headSha: sha('3') }).settle();
    comment(world, '/pilot review', { thread: 9, isPullRequest: true }).settle();
    label(world, 'pilot:review', undefined, { thread: 9 }).settle();
    expect(world.record.run).toBeUndefined();
    for (const { state, reply } of world.record.receipts.slice(-2)) {
      expect(state.kind).toBe('refused');
      expect(reply).toContain('#9 is of a run that is over');
    }
    comment(world, '/pilot review').settle();
    expect(world.run.workflow).toBe('review');
    const reopened = pull(closed(), 'reopened').settle();
    comment(reopened, '/pilot review', { thread: 9, isPullRequest: true }).settle();
    expect(reopened.record.receipts.at(-1)?.reply).toContain('#9 is of a run that is over');
    expect(reopened.run.id).toBe('r1');
  });

  it('of another bot, whose branch is called like that of a run, is none', () => {
    const world = gone();
    world.pulls = { 9: { headSha: sha('3'), baseBranch: 'main', state: 'open', isOurs: false } };
    pull(world, 'reopened', { headSha: sha('3') }).settle();
    expect(checkOf(world, sha('3'))).toBeUndefined();
  });

  it('is closed or merged, and told of late: no gate is shown for it', () => {
    for (const state of ['closed', 'merged'] as const) {
      const world = gone();
      world.pulls = { 9: { headSha: sha('3'), baseBranch: 'main', state, isOurs: true } };
      pull(world, 'synchronize', { headSha: sha('3') }).settle();
      expect(renderView(world.record).checks).toEqual([]);
    }
  });
});
