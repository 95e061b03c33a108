import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { leaseMs, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  base,
  comment,
  failedAttempt,
  mallory,
  merged,
  nothing,
  outage,
  press,
  published,
  pull,
  sha,
  stopped,
} from './outcome.ts';
import { attempting, merging, planning, publishing, ready, verifyingPush } from './place.ts';

const minuteMs = 60_000;

/** What is answered beside the sticky comments, and where. */
function repliesOf(world: WorldOfDecisions): string[] {
  const replies = renderView(world.record).comments.filter(({ marker }) => marker.includes(':reply:'));
  return replies.map(({ thread, body }) => `#${thread} ${body}`);
}

describe('a stop', () => {
  it('takes back what nobody has begun, in its own save', () => {
    const world = comment(planning(), '/pilot stop');
    world.look();
    expect(world.listWork()).toEqual([]);
    expect(world.run.state.kind).toBe('stopping');
    world.settle();
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona' });
  });

  it('is told only when whoever works has ended', () => {
    const world = attempting();
    const holder = world.begin('attempt');
    comment(world, '/pilot stop').settle();
    expect(world.find('attempt')?.state).toMatchObject({ kind: 'begun', cancelled: true });
    expect([world.run.state.kind, world.findReceipt('stop')?.state.kind]).toEqual(['stopping', 'started']);
    world.report(holder, { kind: 'stopped', spend: nothing });
    expect([world.run.state.kind, world.findReceipt('stop')?.state.kind]).toEqual(['stopped', 'done']);
  });

  it('catches an action that was begun between its decision and its save', () => {
    const world = attempting();
    comment(world, '/pilot stop');
    world.look(() => world.begin('attempt'));
    world.settle();
    expect(world.run.state.kind).toBe('stopping');
    expect(world.find('attempt')?.state).toMatchObject({ kind: 'begun', cancelled: true });
  });

  it('is heard in an outage under the word that the repository chose', () => {
    const world = new WorldOfDecisions();
    const policyText = 'verify:\n  commands:\n    - npm test\nreview: { enabled: false }\ncommand:\n  slash: bot\n';
    world.facts = { defaultBranch: 'main', baseSha: base, policyText };
    comment(world, '/bot run').settle();
    world.facts = undefined;
    world.permissions = {};
    comment(world, '/bot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
  });

  it('by a button in an outage is carried out for whoever was known to be allowed to write', () => {
    const world = verifyingPush();
    world.permissions = {};
    press(world, 'stop').settle();
    expect(world.run.state.kind).toBe('stopped');
  });

  it('by a button in an outage is refused for others, and they are told why', () => {
    const world = verifyingPush();
    world.permissions = {};
    press(world, 'stop', mallory).settle();
    expect(world.run.state.kind).toBe('reviewing');
    expect(repliesOf(world)).toEqual([
      '#9 @mallory `stop` was not carried out: GitHub did not say what you may do here. Please try again.',
    ]);
  });

  it('33 done-vs-cancel: keeps a result that came before it', () => {
    const world = attempting();
    const holder = world.begin('attempt');
    world.put({ kind: 'attempt_ended', actionId: holder.action.id, token: holder.token, outcome: anchored() });
    comment(world, '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
    expect(world.run.tasks[0]?.state.kind).toBe('anchored');
    expect(world.listWork()).toEqual([]);
  });

  it('that meets an expired lease ends what its dead holder had', () => {
    const world = attempting();
    world.kill(world.begin('attempt')).sleepThrough(leaseMs + 1_000);
    comment(world, '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
    expect(world.listWork()).toEqual([]);
    expect(world.run.tasks[0]?.state.kind).toBe('pending');
  });

  it('ends without the holder that never answers, after two minutes', () => {
    const world = attempting();
    world.begin('attempt');
    comment(world, '/pilot stop').settle();
    world.pass(minuteMs);
    expect(world.run.state.kind).toBe('stopping');
    world.pass(minuteMs);
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona' });
  });

  it('stays a stop when what it ended fails once too often for reasons outside', () => {
    const world = attempting();
    for (let tries = 0; tries < 3; tries += 1) world.finish('attempt', failedAttempt(outage, nothing));
    const holder = world.begin('attempt');
    comment(world, '/pilot stop').settle();
    world.report(holder, failedAttempt(outage, nothing));
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona' });
    expect(world.findReceipt('stop')?.state.kind).toBe('done');
  });

  it('is asked for once: a second one joins it', () => {
    const world = attempting();
    const holder = world.begin('attempt');
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot stop').settle();
    world.report(holder, { kind: 'stopped', spend: nothing });
    expect(world.record.receipts.filter(({ command }) => command === 'stop').map(({ state }) => state.kind)).toEqual([
      'done',
      'done',
    ]);
  });

  it('is refused where nothing runs', () => {
    const world = comment(ready(), '/pilot stop').settle();
    expect(world.findReceipt('stop')).toMatchObject({ state: { kind: 'refused' }, reply: 'Nothing is running here.' });
    expect(world.run.state.kind).toBe('ready');
  });

  it('is taken on the word of the payload while GitHub cannot be asked, and from nobody else', () => {
    const world = attempting();
    world.permissions = {};
    comment(world, '/pilot stop', { actor: mallory, association: 'NONE' }).settle();
    expect(world.run.state.kind).toBe('executing');
    comment(world, '/pilot stop', { association: 'COLLABORATOR' }).settle();
    expect(world.run.state.kind).toBe('stopped');
  });

  it('follows when the issue is closed', () => {
    const world = attempting();
    const actor = { id: 1, login: 'mona', kind: 'person' } as const;
    world.put({ kind: 'issue_closed', deliveryId: 'closed', actor }).settle();
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona' });
  });

  it('does not follow when our own merge closes the issue', () => {
    const world = merging();
    const actor = { id: 9, login: 'gatepilot[bot]', kind: 'bot' } as const;
    world.put({ kind: 'issue_closed', deliveryId: 'closed', actor }).settle();
    expect(world.run.state.kind).toBe('merging');
  });

  it('leaves a pull request that is open as it is', () => {
    const world = comment(verifyingPush(), '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
    expect(world.run.pullRequest).toMatchObject({ number: 9, state: 'open', head: sha('2') });
  });
});

describe('a publisher that is stopped', () => {
  it('that died is settled by reading what it did', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    comment(world, '/pilot stop').settle();
    world.kill(holder).pass(leaseMs);
    expect(world.find('publish_branch')).toMatchObject({ isSettling: true, dispatch: 2, state: { kind: 'pending' } });
    expect(world.run.state.kind).toBe('stopping');
    world.finish('publish_branch', published());
    expect(world.run.pullRequest).toMatchObject({ number: 9, head: sha('1'), state: 'open' });
    expect(world.run.state.kind).toBe('stopped');
    expect([...world.aliases]).toEqual([9]);
  });

  it('that was found dead by the very look that stops it is settled as well', () => {
    const world = publishing();
    world.kill(world.begin('publish_branch')).sleepThrough(leaseMs + 1_000);
    comment(world, '/pilot stop').settle();
    expect(world.find('publish_branch')).toMatchObject({ isSettling: true, state: { kind: 'pending' } });
    world.finish('publish_branch', published());
    expect(world.run.pullRequest?.number).toBe(9);
    expect(world.run.state.kind).toBe('stopped');
  });

  it('that had died before is settled by reading, and not forgotten with the try that nobody has begun', () => {
    const world = publishing().die('publish_branch');
    comment(world, '/pilot stop').settle();
    expect(world.find('publish_branch')).toMatchObject({ isSettling: true, dispatch: 3, state: { kind: 'pending' } });
    world.finish('publish_branch', published());
    expect([world.run.state.kind, world.run.pullRequest?.number]).toEqual(['stopped', 9]);
  });

  it('that found nothing leaves nothing', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    comment(world, '/pilot stop').settle();
    world.kill(holder).pass(leaseMs).finish('publish_branch', stopped);
    expect(world.run.state.kind).toBe('stopped');
    expect(world.run.pullRequest).toBeUndefined();
    expect(world.listWork()).toEqual([]);
  });

  it('that cannot be settled either is given up after four tries', () => {
    const world = publishing();
    const holder = world.begin('publish_branch');
    comment(world, '/pilot stop').settle();
    world.kill(holder).pass(leaseMs);
    for (let tries = 0; tries < 3; tries += 1) world.die('publish_branch');
    expect(world.listWork()).toEqual([]);
    expect(world.run.state.kind).toBe('stopped');
  });
});

describe('a merge that is stopped', () => {
  it('and was told of by GitHub is read, also when whoever merges never answers and others die', () => {
    const world = merging();
    const holder = world.begin('merge');
    pull(world, 'closed', { merged: true, mergeSha: sha('e') }).settle();
    comment(world, '/pilot stop').settle();
    world.pass(2 * minuteMs);
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { kind: 'person' } });
    world.report(holder, stopped).finish('prove_merge', merged(undefined, 'person'));
    expect(world.run.state.kind).toBe('merged');
  });

  it('and landed all the same is told as merged', () => {
    const world = merging();
    const holder = world.begin('merge');
    comment(world, '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopping');
    world.report(holder, merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
    expect([world.findReceipt('merge')?.state.kind, world.findReceipt('stop')?.state.kind]).toEqual(['done', 'done']);
  });

  it('and landed while its holder died is told as merged', () => {
    const world = merging();
    const holder = world.begin('merge');
    comment(world, '/pilot stop').settle();
    world.kill(holder).pass(leaseMs).finish('merge', merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });

  it('in the look that finds its holder dead is settled as well', () => {
    const world = merging();
    world.kill(world.begin('merge')).sleepThrough(leaseMs + 1_000);
    comment(world, '/pilot stop').settle();
    world.finish('merge', merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });

  it('and landed, as a webhook tells, is proven before anything is told', () => {
    const world = merging();
    const holder = world.begin('merge');
    pull(world, 'closed', { merged: true, mergeSha: sha('e') }).settle();
    comment(world, '/pilot stop').settle();
    world.report(holder, stopped);
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { kind: 'person' } });
    world.finish('prove_merge', merged(undefined, 'person'));
    expect(world.run.state.kind).toBe('merged');
  });

  it('and did not land ends as stopped, with the pull request open', () => {
    const world = merging();
    const holder = world.begin('merge');
    comment(world, '/pilot stop').settle();
    world.report(holder, stopped);
    expect(world.run.state.kind).toBe('stopped');
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    expect(world.run.pullRequest?.state).toBe('open');
  });
});
