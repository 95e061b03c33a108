// A base branch that moves under a verdict: the gate closes with the decision that hears of it, and what a merge would give
// now is verified without anybody asking.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { Actor } from '../../../src/core/model/actor.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  base,
  broughtIn,
  comment,
  found,
  merged,
  outage,
  press,
  published,
  pull,
  pushBase,
  reviewed,
  sha,
  stopped,
  verified,
} from './outcome.ts';
import { judging, ready, verifying, waitingToMerge } from './place.ts';

const open = (world: WorldOfDecisions) => evaluateGate(world.run).state.kind === 'open';
const on = (to: string, change = 'change-of-1') => ({ ...verified(sha('1'), 0, { change }), base: to });
const red = (head: string) => verified(head, 1);
const otto: Actor = { id: 2, login: 'otto', kind: 'person' };
const seats = (world: WorldOfDecisions) => world.seats.filter(({ name }) => !name.startsWith('base/')).length;
const watches = (world: WorldOfDecisions) =>
  world.seats.flatMap(({ name }) => (name.startsWith('base/') ? [name] : []));

function readyWith(policy: string): WorldOfDecisions {
  return judging(policy).finish('review', reviewed()).finish('publish_branch', published());
}

describe('a verified run whose base moves', () => {
  it('is not mergeable from that decision on, and is again once what a merge would give now is verified', () => {
    const world = ready();
    expect(open(world)).toBe(true);
    pushBase(world, sha('d')).look();
    expect(open(world)).toBe(false);
    expect(renderHeadline(world.run)).toContain('**Verifying again**, since `main` has moved.');
    world.settle();
    expect(world.listWork()).toEqual(['r1-verify-2']);
    world.finish('verify', on(sha('d')));
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.verification?.key.base).toBe(sha('d'));
    expect(open(world)).toBe(true);
  });

  it('says for which base its verdict is while it cannot be verified yet', () => {
    const world = ready();
    pushBase(world, sha('d')).look();
    const { because } = evaluateGate({
      ...world.run,
      state: { kind: 'ready', since: 0 },
      baseMoved: { to: sha('d'), isRead: true },
    });
    expect(because).toContain(`The verdict is for base ${base}; \`main\` has moved to ${sha('d')}.`);
  });

  it('is verified once for pushes that come in a row, and once more for those that come while it is', () => {
    const world = ready();
    for (const at of ['c', 'd', 'e']) pushBase(world, sha(at)).look();
    world.settle();
    const verify = world.begin('verify');
    pushBase(world, sha('f')).look();
    pushBase(world, sha('a')).look();
    world.report(verify, on(sha('e')));
    expect(world.listWork()).toEqual(['r1-verify-3']);
    expect(open(world)).toBe(false);
    world.finish('verify', on(sha('a')));
    expect(world.listWork()).toEqual([]);
    expect(open(world)).toBe(true);
  });

  it('is not verified again where the verification under way has found that base already', () => {
    const world = ready();
    pushBase(world, sha('d')).settle();
    const verify = world.begin('verify');
    world.baseHead = sha('e');
    pushBase(world, sha('e')).look();
    world.report(verify, on(sha('e')));
    expect(world.run.state.kind).toBe('ready');
    expect(world.listWork()).toEqual([]);
  });

  it('does not have its review made again where the change is the same, and has it where it is another', () => {
    const same = readyWith('');
    pushBase(same, sha('d')).settle();
    same.finish('verify', on(sha('d'), same.run.verification?.change));
    expect(same.run.state.kind).toBe('ready');
    const other = readyWith('');
    pushBase(other, sha('d')).settle();
    other.finish('verify', on(sha('d'), 'another'));
    expect(other.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
  });

  it('has everything judged anew where the settings are strict', () => {
    const world = readyWith('gate: { strict: true }\n');
    pushBase(world, sha('d')).settle();
    world.finish('verify', on(sha('d'), world.run.verification?.change));
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
  });

  it('keeps its verdict where the settings say so, and names both bases', () => {
    const world = readyWith('gate: { base_moved: keep }\n');
    world.baseHead = sha('d');
    pushBase(world, sha('d')).settle();
    expect(world.run.state.kind).toBe('ready');
    expect(open(world)).toBe(true);
    expect(evaluateGate(world.run).because).toContain(`and the base is at ${sha('d').slice(0, 10)} by now`);
  });

  it('has the base brought into its branch where the settings say so, by one merge commit', () => {
    const world = readyWith('gate: { base_moved: update }\n');
    pushBase(world, sha('d')).settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('1'), bringsIn: true });
    world.finish('verify', broughtIn(sha('1'), { to: sha('d') }));
    world.finish('review', reviewed());
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('6'), expected: sha('1') });
    world.finish('publish_branch', published(sha('6')));
    expect(world.run.state.kind).toBe('ready');
    expect(open(world)).toBe(true);
  });

  it('fails with both commits named where it conflicts there', () => {
    const world = ready();
    pushBase(world, sha('d')).settle();
    world.finish('verify', { kind: 'conflict', head: sha('1'), base: sha('d'), paths: ['a.txt'] });
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'merge_conflict', paths: ['a.txt'] } });
    expect(watches(world)).toEqual([]);
  });

  it('that was merged by this very push is merged, and not verified', () => {
    const world = ready();
    world.pulls[9] = { headSha: sha('1'), baseBranch: 'main', state: 'merged', isDraft: false, isOurs: true };
    pushBase(world, sha('d')).settle();
    expect(world.listWork()).toEqual(['r1-prove-1']);
    world.finish('prove_merge', merged(undefined, 'person'));
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
    pull(world, 'closed', { merged: true, mergeSha: sha('e') }).settle();
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });

  it('that GitHub does not tell of as merged yet is read as that where the base holds its head', () => {
    const world = ready();
    pushBase(world, sha('d')).settle();
    world.finish('verify', { kind: 'landed', head: sha('1'), base: sha('d') });
    expect([world.run.state.kind, open(world), world.listWork()]).toEqual(['ready', false, []]);
    world.pulls[9] = { headSha: sha('1'), baseBranch: 'main', state: 'open', isDraft: false, isOurs: true };
    world.pass(60_000);
    expect([world.run.state.kind, open(world), world.listWork()]).toEqual(['ready', false, []]);
    world.pulls[9] = { ...world.pulls[9], state: 'merged' };
    world.pass(60_000);
    expect(world.listWork()).toEqual(['r1-prove-1']);
  });
});

describe('what is red or over', () => {
  it('is not verified again by a base that moves', () => {
    const world = verifying()
      .finish('verify', verified(sha('1'), 0))
      .finish('publish_branch', published());
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', verified(sha('2'), 1));
    expect(open(world)).toBe(false);
    pushBase(world, sha('d')).settle();
    expect(world.listWork()).toEqual([]);
  });

  it('is not told any more', () => {
    const world = pull(ready(), 'closed').settle();
    expect(watches(world)).toEqual([]);
    pushBase(world, sha('d')).settle();
    expect(world.run.baseMoved).toBeUndefined();
  });
});

describe('a base that moves', () => {
  it('is heard of from before the first verification is asked for', () => {
    const world = verifying();
    expect(watches(world)).toEqual(['base/github.test/7/main']);
    // Whoever has not begun reads the branch after that.
    pushBase(world, sha('c')).settle();
    const verify = world.begin('verify');
    pushBase(world, sha('d')).look();
    world.report(verify, on(sha('c'))).finish('publish_branch', published());
    expect(world.listWork()).toEqual(['r1-verify-2']);
    world.finish('verify', on(sha('d')));
    expect(open(world)).toBe(true);
  });

  it('takes no seat of a run that works', () => {
    const world = ready();
    expect(seats(world)).toBe(0);
    pushBase(world, sha('d')).settle();
    expect(seats(world)).toBe(0);
    press(world, 'recheck').settle();
  });

  it('while a merge waits for its turn leaves that where it is; whatever ends it without a merge is followed by a verification', () => {
    const world = waitingToMerge();
    pushBase(world, sha('d')).settle();
    expect(world.run.state.kind).toBe('merging');
    expect(open(world)).toBe(false);
    world.now += 7 * 3_600_000;
    world.settle();
    expect(world.listWork()).toEqual(['r1-verify-2']);
    world.finish('verify', on(sha('d')));
    expect(open(world)).toBe(true);
  });

  it('is no obstacle to a merge that was verified on it in the lane', () => {
    const world = ready();
    comment(world, '/pilot merge').settle();
    pushBase(world, sha('d')).look();
    world.finish('merge', { kind: 'base_moved', expected: base, actual: sha('d') });
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { phase: 'verifying' } });
    pushBase(world, sha('e')).look();
    world.finish('verify', on(sha('d')));
    expect(world.listWork()).toEqual([]);
    expect(world.show().listWork()).toEqual(['r1-merge-2']);
  });

  it('is followed after a pause that came meanwhile', () => {
    const world = ready();
    pushBase(world, sha('d')).settle();
    comment(world, '/pilot pause').settle();
    if (world.find('verify')) world.finish('verify', stopped);
    expect(world.run.state.kind).toBe('paused');
    expect(open(world)).toBe(false);
    comment(world, '/pilot resume').settle();
    world.finish('verify', on(sha('d')));
    expect(open(world)).toBe(true);
  });
});

describe('what shuts or opens a gate besides', () => {
  it('is still told where the base moves under a red verdict', () => {
    const world = pull(ready(), 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', red(sha('2')));
    pushBase(world, sha('d')).settle();
    expect(evaluateGate(world.run).state).toEqual({ kind: 'closed', conclusion: 'failure' });
  });

  it('counts for one base: what a maintainer let pass is verified on the newer one, and needs another word there', () => {
    const world = pull(ready(), 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', red(sha('2')));
    const body = `/pilot override verification ${sha('2')} It is flaky`;
    comment(world, body, { actor: otto, association: 'MEMBER' }).settle();
    expect(open(world)).toBe(true);
    pushBase(world, sha('d')).settle();
    expect(open(world)).toBe(false);
    world.finish('verify', { ...red(sha('2')), base: sha('d') } as ReturnType<typeof red>);
    expect(open(world)).toBe(false);
    expect(world.run.state.kind).toBe('ready');
  });

  it('gives way to the base being brought in, and a verification that was under way then counts for nothing', () => {
    const world = pushBase(ready(), sha('d')).settle();
    const verify = world.begin('verify');
    comment(world, '/pilot rebase').settle();
    expect(world.run.state).toMatchObject({ kind: 'reviewing', bringsIn: true });
    world.report(verify, on(sha('d')));
    expect(world.find('verify')?.action).toMatchObject({ bringsIn: true });
    world.finish('verify', broughtIn(sha('1'), { to: sha('d') }));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: sha('6') });
  });
});

describe('a merge that is asked for while its verdict is on its way', () => {
  const armed = () => comment(pushBase(ready(), sha('d')).settle(), '/pilot merge').settle();
  const replyOf = ({ record }: WorldOfDecisions) => record.receipts.findLast(({ command }) => command === 'merge');

  it('is carried out on the newer base as soon as that is verified, and says so before', () => {
    const world = armed();
    expect(replyOf(world)?.state.kind).toBe('started');
    expect(renderHeadline(world.run)).toContain('It is merged as soon as the gate opens, as @\u200bmona asked for.');
    world.finish('verify', on(sha('d')));
    // GitHub merges nothing while its required check is shut.
    expect(world.listWork()).toEqual([]);
    world.show();
    expect(world.find('merge')?.action).toMatchObject({ head: sha('1'), base: sha('d') });
    world.finish('merge', merged());
    expect([world.run.state.kind, replyOf(world)?.state.kind]).toEqual(['merged', 'done']);
  });

  it('follows the base wherever it moves before that', () => {
    const world = armed();
    const verify = world.begin('verify');
    pushBase(world, sha('e')).look();
    world.report(verify, on(sha('d')));
    expect(world.find('merge')).toBeUndefined();
    world.finish('verify', on(sha('e'))).show();
    expect(world.find('merge')?.action).toMatchObject({ base: sha('e') });
  });

  it('is carried out for the commit that brings the base in', () => {
    const world = readyWith('gate: { base_moved: update }\n');
    pushBase(world, sha('d')).settle();
    comment(world, '/pilot merge').settle();
    world
      .finish('verify', broughtIn(sha('1'), { to: sha('d') }))
      .finish('review', reviewed())
      .finish('publish_branch', published(sha('6')));
    world.show();
    expect(world.find('merge')?.action).toMatchObject({ head: sha('6'), base: sha('d') });
  });

  it('is refused with what keeps the gate shut', () => {
    const world = armed();
    world.finish('verify', red(sha('1')));
    expect(replyOf(world)).toMatchObject({
      state: { kind: 'refused' },
      reply: 'Not merged: `npm test` failed on the merged tree.',
    });
    expect(world.run.armed).toBeUndefined();
  });

  it('is refused with both heads where somebody pushed meanwhile', () => {
    const world = armed();
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', on(sha('d')));
    world.finish('verify', verified(sha('2')));
    expect(world.run.state.kind).toBe('ready');
    expect(replyOf(world)).toMatchObject({ state: { kind: 'refused' }, reply: expect.stringContaining(sha('2')) });
  });

  it('ends with whatever ends the run, and waits with it where it is held', () => {
    const stopping = comment(armed(), '/pilot stop').settle();
    expect(replyOf(stopping)?.state.kind).toBe('refused');
    const failed = armed().finish('verify', { kind: 'conflict', head: sha('1'), base: sha('d'), paths: ['a.txt'] });
    expect(replyOf(failed)).toMatchObject({ state: { kind: 'refused' }, reply: expect.stringContaining('a.txt') });
    const held = comment(armed(), '/pilot pause').settle();
    if (held.find('verify')) held.finish('verify', stopped);
    expect([held.run.state.kind, replyOf(held)?.state.kind]).toEqual(['paused', 'started']);
    comment(held, '/pilot resume')
      .settle()
      .finish('verify', on(sha('d')));
    held.show();
    expect(held.find('merge')?.action).toMatchObject({ base: sha('d') });
  });

  it('is armed once: whoever asks again is told who was first', () => {
    const world = armed();
    comment(world, '/pilot merge').settle();
    expect(replyOf(world)).toMatchObject({
      state: { kind: 'refused' },
      reply: expect.stringContaining('mona asked for'),
    });
    world.finish('verify', on(sha('d'))).show();
    expect(world.listWork()).toEqual(['r1-merge-1']);
  });
});

describe('a run that merges by itself', () => {
  const settings = 'gate: { auto_merge: true }\n';

  it('does so once its gate is open, in the name of whoever started it', () => {
    const world = readyWith(settings);
    expect(world.find('merge')).toBeUndefined();
    world.show();
    expect(world.find('merge')?.action).toMatchObject({ head: sha('1'), base, requestedBy: { login: 'mona' } });
    world.finish('merge', merged());
    expect(world.run.state.kind).toBe('merged');
  });

  it('does not where a gate is shut, and does once somebody opened it', () => {
    const world = judging(settings).finish('review', reviewed(found()));
    world.finish('publish_branch', published());
    expect(world.listWork()).toEqual([]);
  });

  it('is refused once for each verdict, and tries again with the next one', () => {
    const world = readyWith(settings).show();
    world.finish('merge', { kind: 'refused', why: 'At least 1 approving review is required.' });
    expect([world.run.state.kind, world.listWork()]).toEqual(['ready', []]);
    expect(world.record.receipts.map(({ state }) => state.kind)).toEqual(['done']);
    pushBase(world, sha('d')).settle();
    world.finish('verify', on(sha('d'), world.run.verification?.change)).show();
    expect(world.find('merge')?.action).toMatchObject({ base: sha('d') });
  });
});

describe('pushes that are told in any order', () => {
  it('leave no gate open for a base that was put back while the newer one was verified', () => {
    const world = pushBase(ready(), sha('d')).settle();
    const verify = world.begin('verify');
    pushBase(world, base).look();
    world.report(verify, on(sha('d')));
    expect(open(world)).toBe(false);
    world.finish('verify', on(base));
    expect(open(world)).toBe(true);
  });

  it('leave no gate open for an older one that is told last, whether GitHub can be asked or not', () => {
    for (const baseHead of [undefined, sha('e')]) {
      const world = pushBase(ready(), sha('c')).settle();
      const verify = world.begin('verify');
      world.baseHead = baseHead;
      pushBase(world, sha('e')).look();
      pushBase(world, sha('d')).look();
      world.report(verify, on(sha('d')));
      expect(open(world)).toBe(false);
      world.finish('verify', on(sha('e')));
      expect(open(world)).toBe(true);
    }
  });

  it('are no move where GitHub says that the branch is where it was', () => {
    const world = ready();
    world.baseHead = base;
    pushBase(world, sha('d')).settle();
    expect(world.listWork()).toEqual([]);
    expect(open(world)).toBe(true);
  });

  it('are followed once more where git still has the old base, and not for ever', () => {
    const world = ready();
    world.baseHead = sha('d');
    pushBase(world, sha('d')).settle();
    let verifications = 0;
    for (; world.find('verify') && verifications < 20; verifications += 1) world.finish('verify', on(base));
    expect(verifications).toBe(4);
    expect(open(world)).toBe(true);
  });

  it('are found within a day where none of them is told at all', () => {
    const world = ready();
    world.pulls[9] = { headSha: sha('1'), baseBranch: 'main', state: 'open', isDraft: false, isOurs: true };
    world.baseHead = sha('d');
    world.pass(24 * 3_600_000);
    expect(world.listWork()).toEqual(['r1-verify-2']);
  });

  it('are told to whoever may still be verified by somebody who was cancelled', () => {
    const world = press(ready(), 'recheck').settle();
    const verify = world.begin('verify');
    world.pass(2 * 3_600_000);
    expect(world.run.state.kind).toBe('failed');
    expect(watches(world)).toHaveLength(1);
    pushBase(world, sha('d')).settle();
    press(world, 'recheck').settle();
    world.report(verify, on(base));
    expect(open(world)).toBe(false);
  });

  it('leave it as it was where they put the base back, and name no other', () => {
    const kept = readyWith('gate: { base_moved: keep }\n');
    kept.baseHead = sha('d');
    pushBase(kept, sha('d')).settle();
    kept.baseHead = base;
    pushBase(kept, base).settle();
    expect(evaluateGate(kept.run).because).not.toContain('by now');
    const waiting = pushBase(pushBase(waitingToMerge(), sha('d')).settle(), base).settle();
    expect(open(waiting)).toBe(true);
  });

  it('after a merge that nobody told are a base like any other', () => {
    const landed = { kind: 'landed', head: sha('1'), base: sha('d') } as const;
    const back = pushBase(ready(), sha('d')).settle().finish('verify', landed);
    expect(evaluateGate(back.run).because).toContain('`main` holds this head already');
    pushBase(back, base).settle();
    expect(open(back)).toBe(true);
    const newer = pushBase(ready(), sha('d')).settle();
    const verify = newer.begin('verify');
    pushBase(newer, sha('e')).look();
    newer.report(verify, landed);
    expect(newer.listWork()).toEqual(['r1-verify-3']);
    const kept = press(readyWith('gate: { base_moved: keep }\n'), 'recheck').settle().finish('verify', landed);
    expect(open(kept)).toBe(false);
  });
});

describe('a base that is known to have moved', () => {
  it('is not forgotten where the lane could not verify on it', () => {
    const world = comment(ready(), '/pilot merge').settle();
    world.finish('merge', { kind: 'base_moved', expected: base, actual: sha('d') });
    world.finish('verify', { kind: 'failed', cause: { ...outage, isLasting: true } as typeof outage });
    expect(open(world)).toBe(false);
    expect(world.listWork()).toHaveLength(1);
  });

  it('has everything reviewed anew under strict settings, whoever asked for the verdict', () => {
    const strict = () => readyWith('gate: { strict: true }\n');
    const rechecked = press(strict(), 'recheck').settle();
    rechecked.finish('verify', on(sha('d'), rechecked.run.verification?.change));
    expect(open(rechecked)).toBe(false);
    const merging = comment(strict(), '/pilot merge').settle();
    merging.finish('merge', { kind: 'base_moved', expected: base, actual: sha('d') });
    merging.finish('verify', on(sha('d'), merging.run.verification?.change));
    expect(merging.show().find('merge')).toBeUndefined();
  });

  it('is no news where the settings keep the verdict: the merge follows it', () => {
    const world = readyWith('gate: { base_moved: keep }\n');
    world.baseHead = sha('d');
    pushBase(world, sha('d')).settle();
    if (world.facts) world.facts = { ...world.facts, baseSha: sha('d') };
    comment(world, '/pilot merge').settle();
    world.finish('merge', { kind: 'base_moved', expected: base, actual: sha('d') });
    expect(world.run.state.kind).toBe('merging');
  });

  it('is verified for as long as it takes where what verifies is away, and the run keeps what it has', () => {
    const world = pushBase(ready(), sha('d')).settle();
    for (let times = 0; times < 5; times += 1) world.finish('verify', { kind: 'failed', cause: outage });
    expect(world.run.state).toMatchObject({ kind: 'reviewing', follows: true });
    expect(seats(world)).toBe(0);
    world.finish('verify', on(sha('d')));
    expect(open(world)).toBe(true);
  });
});

describe('what somebody else did', () => {
  it('is not said of whoever pushed to the base', () => {
    const world = ready();
    world.pulls[9] = { headSha: sha('1'), baseBranch: 'main', state: 'closed', isDraft: false, isOurs: true };
    pushBase(world, sha('d')).settle();
    expect(renderHeadline(world.run)).toBe('**Closed** by @\u200bsomebody.');
  });

  it('answers a merge that was armed with how it ended', () => {
    const world = comment(press(ready(), 'recheck').settle(), '/pilot merge').settle();
    pull(world, 'closed', { merged: true, mergeSha: sha('e') }).settle();
    world.finish('prove_merge', merged(undefined, 'person'));
    const receipt = world.record.receipts.find(({ command }) => command === 'merge');
    expect([receipt?.state.kind, receipt?.reply]).toEqual(['done', undefined]);
  });

  it('holds a merge that nobody has begun, by a pause that was asked for before', () => {
    const world = comment(pushBase(ready(), sha('d')).settle(), '/pilot merge').settle();
    const verify = world.begin('verify');
    comment(world, '/pilot pause').settle();
    world.report(verify, on(sha('d'))).show();
    expect(world.find('merge')).toBeUndefined();
    const alone = judging('gate: { auto_merge: true }\n').finish('review', reviewed());
    const publish = alone.begin('publish_branch');
    comment(alone, '/pilot pause').settle();
    alone.report(publish, published()).show();
    expect(alone.find('merge')).toBeUndefined();
  });
});
