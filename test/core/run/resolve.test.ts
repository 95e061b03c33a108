// What conflicts with a base that is brought in: settled by an agent, once and within what the run may use up, or as people said;
// and everything that may cross that.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { isHeldBack } from '../../../src/core/gate/is-held-back.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderPullBody } from '../../../src/core/reply/render-pull-body.ts';
import { planReview } from '../../../src/core/review/plan-review.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  comment,
  conflictIn,
  conflicting,
  label,
  nothing,
  outage,
  published,
  pull,
  pushBase,
  resolved,
  reviewed,
  sha,
  some,
  unresolved,
  verified,
} from './outcome.ts';
import { failedInConflict, judging, ready, rebasing, resolving } from './place.ts';

const [from, made, to] = [sha('1'), sha('6'), sha('c')];
const on = (head: string, base = to, code = 0) => ({ ...verified(head, code), base });
const replyTo = (world: WorldOfDecisions, command: string) =>
  world.record.receipts.findLast((receipt) => receipt.command === command);

function follows(policy = ''): WorldOfDecisions {
  const world = judging(`gate: { base_moved: update }\n${policy}`);
  world.finish('review', reviewed()).finish('publish_branch', published());
  return pushBase(world, to).settle();
}

describe('a conflict with the base that is brought in', () => {
  it('is settled by an agent, verified, and pushed where the branch was left; the pull request says how', () => {
    const world = resolving();
    expect(world.find('repair')?.action).toMatchObject({ head: from, limits: {} });
    expect(renderHeadline(world.run)).toContain('**Settling** a conflict with `main` by an agent');
    expect(evaluateGate(world.run).state.kind).toBe('waiting');
    world.finish('repair', resolved(from, { secondary: ['src/page.ts'], removed: ['x.orig'], summary: 'Kept both.' }));
    expect(world.find('verify')?.action).toMatchObject({ head: made, origin: 'ours' });
    expect(renderPullBody(world.record, world.run)).not.toContain('How conflicts were resolved');
    world.finish('verify', on(made));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: made, base: to, expected: from });
    world.finish('publish_branch', published(made));
    expect(world.run).toMatchObject({ state: { kind: 'ready' }, base: { sha: to }, integration: { commit: made } });
    expect(replyTo(world, 'rebase')?.state.kind).toBe('done');
    expect(world.run.conflicts).toBeUndefined();
    const body = renderPullBody(world.record, world.run);
    expect(body).toContain(
      `- An agent settled what conflicted in \`${from.slice(0, 10)}\` with \`main\` at \`${to.slice(0, 10)}\`: \`src/error.ts\`, and changed \`src/page.ts\` with that; what it added besides was taken away: \`x.orig\`. Commit \`${made}\`.\n  Kept both.`,
    );
    expect(body).toContain('```diff\n+both\n```');
  });

  it('takes money and an attempt of the run, and no more than there is', () => {
    const world = resolving();
    const [reserved] = Object.values(world.run.reserved ?? {});
    expect(reserved?.microUsd).toBeGreaterThan(0);
    world.finish('repair', unresolved);
    expect(world.run.spentOn?.['repair']).toEqual(some);
    expect(world.run.reserved).toBeUndefined();
    const poor = rebasing();
    poor.run.policy.runAttempts = 1;
    poor.finish('verify', conflicting());
    expect(poor.find('repair')).toBeUndefined();
    expect(replyTo(poor, 'rebase')?.reply).toContain('`budget.run_attempts` leaves no attempt to settle it');
    const spent = rebasing();
    spent.run.policy.runMicroUsd = spent.run.spend.microUsd;
    spent.finish('verify', conflicting());
    expect(replyTo(spent, 'rebase')?.reply).toContain('`budget.run_usd` leaves too little');
  });

  it('is tried once: what failed is for people, who may have it tried again', () => {
    const world = failedInConflict();
    expect(world.listWork()).toEqual([]);
    expect(world.run.resolutions).toMatchObject([{ by: { kind: 'agent', isAsked: true }, end: { kind: 'failed' } }]);
    comment(world, '/pilot rebase').settle().finish('verify', conflicting());
    expect(world.find('repair')?.action).toMatchObject({ number: 2 });
  });

  it('is not tried where no line could be merged', () => {
    const world = rebasing().finish('verify', conflicting(from, { unnamed: [{ path: 'logo.png', why: 'not_text' }] }));
    expect(world.listWork()).toEqual([]);
    expect(replyTo(world, 'rebase')?.reply).toContain('cannot be merged line by line');
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'merge_conflict' } });
  });

  it('that is settled red is not pushed, and the verdict for what people see stays', () => {
    const world = resolving()
      .finish('repair', resolved())
      .finish('verify', on(made, to, 1));
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'verify_red' } });
    expect(world.run.verification?.key.head).toBe(from);
    expect(world.run.broughtIn).toBeUndefined();
    expect(replyTo(world, 'rebase')?.reply).toContain(`\`${from}\` together with \`main\` at \`${to}\` is red`);
  });

  it('is reviewed in full, since an agent settled it, before it is pushed', () => {
    const world = follows().finish('verify', conflicting()).finish('repair', resolved());
    world.finish('verify', on(made));
    expect(world.find('review')?.action).toMatchObject({ head: made, plan: { depth: 'full' } });
    expect(world.run.policy.review && planReview(world.run, world.run.policy.review)).toMatchObject({
      why: 'a conflict was settled by an agent',
      paths: ['src/error.ts'],
    });
    world.finish('review', reviewed());
    expect(world.find('publish_branch')?.action).toMatchObject({ head: made });
  });

  it('in a protected path is held back for a maintainer, who lets exactly that commit through', () => {
    const path = '.github/workflows/ci.yml';
    const world = resolving().finish('repair', resolved(from, { paths: [path] }));
    world.finish('verify', { ...on(made), touched: [path] } as ReturnType<typeof verified>);
    expect(isHeldBack(world.run)).toBe(true);
    expect(world.find('publish_branch')).toBeUndefined();
    expect(world.run.state).toMatchObject({ kind: 'paused', wants: 'override' });
    const otto = { id: 2, login: 'otto', kind: 'person' } as const;
    comment(world, `/pilot override protected-paths ${made} I read it`, { actor: otto }).settle();
    expect(world.find('publish_branch')?.action).toMatchObject({ head: made });
  });
});

describe('nobody asked for it, and the base moved', () => {
  it('is settled as often as a task may be tried, and then only when somebody asks', () => {
    const world = follows();
    world.run.policy.maxAttempts = 1;
    world.finish('verify', conflicting());
    expect(world.run.state).toMatchObject({ phase: 'resolving', follows: true });
    world.finish('repair', resolved()).finish('verify', on(made)).finish('review', reviewed());
    world.finish('publish_branch', published(made));
    pushBase(world, sha('d')).settle();
    world.finish('verify', conflicting(made, { to: sha('d') }));
    expect(world.listWork()).toEqual([]);
    expect(world.run.state.kind).toBe('failed');
    comment(world, '/pilot rebase')
      .settle()
      .finish('verify', conflicting(made, { to: sha('d') }));
    expect(world.find('repair')).toBeDefined();
  });

  it('disarms a merge that was asked for before: nobody had seen what an agent made', () => {
    const world = follows();
    comment(world, '/pilot merge').settle();
    expect(world.run.armed?.head).toBe(from);
    world.finish('verify', conflicting()).finish('repair', resolved());
    expect(replyTo(world, 'merge')).toMatchObject({
      state: { kind: 'refused' },
      reply: 'Not merged: an agent settled a conflict with `main`, which nobody had seen then',
    });
    world.finish('verify', on(made));
    comment(world, '/pilot merge').settle();
    expect(world.run.armed).toBeUndefined();
  });
});

describe('while it is settled', () => {
  it('a push of somebody is verified first, and what the agent makes counts for nothing', () => {
    for (const isBegun of [false, true]) {
      const world = resolving();
      const holder = isBegun ? world.begin('repair') : undefined;
      pull(world, 'synchronize', { headSha: sha('2') }).settle();
      if (holder) world.report(holder, resolved());
      expect(world.find('repair')).toBeUndefined();
      expect(world.find('verify')?.action).toMatchObject({ head: sha('2'), origin: 'pushed' });
      expect(replyTo(world, 'rebase')).toMatchObject({ state: { kind: 'refused' } });
      expect(world.run.broughtIn).toBeUndefined();
      expect(world.finish('verify', verified(sha('2'))).run.state.kind).toBe('ready');
    }
  });

  it('a push between the settling and its verification, or its own push, is verified first', () => {
    const world = resolving().finish('repair', resolved());
    const verifying = world.begin('verify');
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.report(verifying, on(made));
    expect(world.find('publish_branch')).toBeUndefined();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2') });
  });

  it('a stop ends it, and nothing of it is pushed; a resume goes on with what is there', () => {
    const world = resolving();
    const holder = world.begin('repair');
    comment(world, '/pilot stop').settle();
    expect(world.find('repair')?.state).toMatchObject({ cancelled: true });
    world.report(holder, { kind: 'stopped', spend: some });
    expect(world.run.state.kind).toBe('stopped');
    expect(world.run.spentOn?.['repair']).toEqual(some);
    const late = comment(resolving().finish('repair', resolved()), '/pilot stop').settle();
    expect(late.run.state.kind).toBe('stopped');
    comment(late, '/pilot resume').settle();
    // It is made and paid for: what was not verified yet is.
    expect(late.find('verify')?.action).toMatchObject({ head: made });
    late.finish('verify', on(made));
    expect(late.find('publish_branch')?.action).toMatchObject({ head: made, expected: from });
  });

  it('a pause waits for the agent, or takes it back, and a resume goes on from there', () => {
    const world = comment(resolving(), '/pilot pause').settle();
    expect(world.run.state).toMatchObject({ kind: 'paused', back: { phase: 'resolving' } });
    expect(world.run.reserved).toBeUndefined();
    comment(world, '/pilot resume').settle();
    expect(world.find('repair')).toBeDefined();
    const holder = world.begin('repair');
    comment(world, '/pilot pause').settle();
    world.report(holder, resolved());
    expect(world.run.state).toMatchObject({ kind: 'paused', back: { phase: 'verifying' } });
    comment(world, '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: made });
  });

  it('a push during the pause is what counts afterwards', () => {
    const world = comment(resolving(), '/pilot pause').settle();
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    comment(world, '/pilot resume').settle();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2') });
  });

  it('the label that holds things holds it', () => {
    const world = label(resolving(), 'pilot:hold').settle();
    expect(world.run.state).toMatchObject({ kind: 'paused', isByLabel: true });
    expect(world.listWork()).toEqual([]);
    label(world, 'pilot:hold', undefined, { isTakenOff: true }).settle();
    expect(world.find('repair')).toBeDefined();
  });

  it('a finish lets the agent end who works, and starts none', () => {
    const waiting = comment(resolving(), '/pilot finish').settle();
    expect(waiting.listWork()).toEqual([]);
    expect(waiting.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'merge_conflict' } });
    expect(replyTo(waiting, 'rebase')?.reply).toContain('asked to finish, so that no agent starts');
    const world = resolving();
    const holder = world.begin('repair');
    comment(world, '/pilot finish').settle();
    world.report(holder, resolved()).finish('verify', on(made));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: made });
  });

  it('a base that moves is what the result is verified on, and followed from there', () => {
    const world = resolving();
    const holder = world.begin('repair');
    pushBase(world, sha('d')).settle();
    world.report(holder, resolved());
    world.finish('verify', on(made, sha('d')));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: made, base: to });
    world.finish('publish_branch', published(made));
    expect([world.run.state.kind, evaluateGate(world.run).state.kind]).toEqual(['ready', 'open']);
  });

  it('a base that moves into another conflict fails it with that named, and nothing of it is pushed', () => {
    const world = resolving().finish('repair', resolved());
    world.finish('verify', conflicting(made, { to: sha('d') }));
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'merge_conflict' } });
    expect([world.run.broughtIn, world.run.conflicts, world.listWork()]).toEqual([undefined, undefined, []]);
    expect(replyTo(world, 'rebase')?.reply).toContain(sha('d'));
  });

  it('an agent whose worker dies is replaced, as often as anybody, and each time with money of its own', () => {
    const world = resolving();
    const before = world.run.spend.microUsd;
    world.die('repair');
    expect(world.find('repair')).toMatchObject({ dispatch: 2, state: { kind: 'pending' } });
    expect(world.run.spend.microUsd).toBeGreaterThan(before);
    expect(world.finish('repair', resolved()).find('verify')?.action).toMatchObject({ head: made });
  });

  it('a model that is away is waited for, also where nobody asked, and not for ever', () => {
    const world = follows().finish('verify', conflicting());
    const away = {
      kind: 'failed',
      cause: { kind: 'model_unavailable', detail: 'overloaded' },
      spend: nothing,
    } as const;
    for (let times = 0; times < 4; times += 1) world.finish('repair', away);
    expect(world.run.state).toMatchObject({ kind: 'paused', back: { phase: 'resolving', follows: true } });
    expect(world.run.resolutions).toBeUndefined();
    const git = resolving();
    git.finish('repair', { kind: 'failed', cause: outage, spend: nothing });
    expect(git.find('repair')?.notBefore).toBeGreaterThan(git.now);
  });

  it('a closed pull request ends it', () => {
    const world = pull(resolving(), 'closed').settle();
    expect([world.run.state.kind, world.listWork()]).toEqual(['closed', []]);
  });
});

describe('/pilot resolve', () => {
  const two = () => {
    const found = [conflictIn('a.txt'), conflictIn('b.txt', 'two', { hasBase: true })];
    const world = rebasing().finish('verify', conflicting(from, { found }));
    return world.finish('repair', { ...unresolved, base: to });
  };
  const say = (world: WorldOfDecisions, words: string) => comment(world, `/pilot resolve ${words}`).settle();
  const reply = (world: WorldOfDecisions) => replyTo(world, 'resolve');

  it('alone lists what conflicts, each under its name', () => {
    expect(reply(say(two(), ''))).toMatchObject({
      state: { kind: 'done' },
      reply:
        'In conflict with `main`: `conflict://1` in `a.txt` line 3 (two sides); `conflict://2` in `b.txt` line 3 (with what was there before). `/pilot resolve <number|all> ours|theirs|base|both` decides, where "ours" is the branch; or resolve it by hand and push.',
    });
  });

  it('changes nothing before all of a merge is decided, and then makes one commit that is verified and pushed', () => {
    const world = say(two(), '1 ours');
    expect(reply(world)).toMatchObject({ state: { kind: 'done' } });
    expect(reply(world)?.reply).toContain('1 of 2 are decided; nothing is changed before all are.');
    expect(world.listWork()).toEqual([]);
    say(world, 'conflict://2/base');
    expect(world.find('resolve')?.action).toMatchObject({
      head: from,
      bringsIn: true,
      answers: [
        { path: 'a.txt', content: 'one', is: { kind: 'ours' } },
        { path: 'b.txt', content: 'two', is: { kind: 'base' } },
      ],
    });
    world.finish('resolve', resolved(from, { paths: ['a.txt', 'b.txt'], spend: nothing }));
    world.finish('verify', on(made)).finish('publish_branch', published(made));
    expect([world.run.state.kind, reply(world)?.state.kind]).toEqual(['ready', 'done']);
    expect(renderPullBody(world.record, world.run)).toContain('@\u200bmona resolved what conflicted');
    expect(renderPullBody(world.record, world.run)).toContain('`a.txt` (ours), `b.txt` (base)');
  });

  it('decides about all of them at once', () => {
    const world = say(two(), 'all @theirs');
    expect(world.find('resolve')?.action).toMatchObject({
      answers: [{ is: { kind: 'theirs' } }, { is: { kind: 'theirs' } }],
    });
  });

  it('takes a text to the byte', () => {
    const world = say(two(), '1 text\n\n```\n  a  \n\n/pilot stop\n```');
    say(world, '2 both');
    expect(world.find('resolve')?.action).toMatchObject({
      answers: [{ is: { kind: 'text', lines: ['  a  ', '', '/pilot stop'] } }, { is: { kind: 'both' } }],
    });
  });

  it('refuses what was there before where git did not say it', () => {
    const world = say(two(), 'all base');
    expect(reply(world)).toMatchObject({ state: { kind: 'refused' } });
    expect(reply(world)?.reply).toContain('`conflict://1` does not say what was there before');
    expect(world.run.conflicts?.found.some(({ answer }) => answer)).toBe(false);
  });

  it('has whoever means something that is gone or has changed read again', () => {
    const world = two();
    pushBase(world, sha('d'));
    comment(world, '/pilot recheck').settle();
    const found = [conflictIn('a.txt', 'other'), conflictIn('b.txt', 'two', { hasBase: true, line: 9 })];
    world.finish('verify', conflicting(from, { to: sha('d'), found }));
    say(world, '1 ours');
    expect(reply(world)).toMatchObject({ state: { kind: 'refused' } });
    expect(reply(world)?.reply).toContain(
      'Please read it again. In conflict with `main`: `conflict://3` in `a.txt` line 3',
    );
    // What only moved has its number still.
    expect(reply(say(world, '2 theirs'))?.state.kind).toBe('done');
    expect(world.listWork()).toEqual([]);
  });

  it('that finds something else than was decided about changes nothing', () => {
    const world = say(two(), 'all ours');
    const list = { found: [conflictIn('a.txt', 'other')], unnamed: [] };
    world.finish('resolve', { kind: 'changed', head: from, base: sha('d'), list });
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'merge_conflict', paths: ['a.txt'] } });
    expect(reply(world)).toMatchObject({ state: { kind: 'refused' } });
    expect(reply(world)?.reply).toContain('Please read it again.');
    expect(world.listWork()).toEqual([]);
    expect(say(world, 'all ours').find('resolve')?.action).toMatchObject({ answers: [{ content: 'other' }] });
  });

  it('settles marks in files of the branch itself, one after the other', () => {
    const list = { found: [conflictIn('a.txt'), conflictIn('b.txt', 'two')], unnamed: [] };
    const marks = [{ path: 'a.txt', line: 3 }];
    const world = pull(ready(), 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', { ...verified(sha('2')), marks, list } as ReturnType<typeof verified>);
    expect(world.run.state.kind).toBe('ready');
    say(world, 'all ours');
    expect(world.find('resolve')?.action).toMatchObject({ head: sha('2'), bringsIn: false });
    const { base: _, ...files } = resolved(sha('2'), { spend: nothing });
    world.finish('resolve', files).finish('verify', verified(made));
    expect(world.find('publish_branch')?.action).toMatchObject({ head: made, expected: sha('2') });
    world.finish('publish_branch', published(made));
    expect([world.run.state.kind, evaluateGate(world.run).state.kind]).toEqual(['ready', 'open']);
  });

  it('is refused where nothing conflicts, where not all of a merge could be decided, and while the run works', () => {
    expect(reply(say(ready(), 'all ours'))?.reply).toContain('Nothing conflicts in');
    expect(reply(say(resolving(), 'all ours'))?.reply).toContain('has not come to its end');
    const world = rebasing().finish('verify', conflicting(from, { unnamed: [{ path: 'a.bin', why: 'not_text' }] }));
    expect(reply(say(world, 'all ours'))?.reply).toContain('`a.bin` conflicts as a whole');
    expect(world.listWork()).toEqual([]);
  });

  it('gives way to an agent that somebody asks for afterwards', () => {
    const world = say(two(), 'all ours').finish('resolve', resolved(from, { spend: nothing }));
    world.finish('verify', on(made, to, 1));
    expect(world.run.state.kind).toBe('failed');
    comment(world, '/pilot rebase').settle();
    const found = [conflictIn('a.txt'), conflictIn('b.txt', 'two', { hasBase: true })];
    world.finish('verify', conflicting(from, { found }));
    expect(world.find('repair')).toBeDefined();
  });
});
