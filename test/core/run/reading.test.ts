// A run whose workflow changes nothing: it reads one exact commit, and ends with what it found.
import { describe, expect, it } from 'vitest';
import { openRecord } from '../../../src/core/model/record.ts';
import type { ThreadPull } from '../../../src/core/model/snapshot.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, finding, mona, plannedReview, pull, reports, sha } from './outcome.ts';
import { planning, reading } from './place.ts';

const ask = '/pilot run --workflow review';
const policyWithApproval = 'mode: { plan_approval: required }\nverify: { commands: [npm test] }\n';

function onPull(more: Partial<ThreadPull> = {}): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
  world.pull = {
    number: 1,
    head: sha('7'),
    headBranch: 'cache',
    branch: 'main',
    base: sha('8'),
    isSameRepository: true,
    isOurs: false,
    isDraft: false,
    state: 'open',
    ...more,
  };
  return world;
}

describe('a run that only reads', () => {
  it('asks no planner about the base and no pilot, and ends with its report', () => {
    const world = reading();
    expect(world.run.reads).toEqual({ head: sha('b') });
    world.finish('attempt', reports());
    expect(world.run.state.kind).toBe('reported');
    expect(world.findReceipt('run')?.state.kind).toBe('done');
    const shown = renderSticky(world.run, 1);
    expect(shown).toContain('**Reported 1 findings:** 1 confirmed, 0 unverified, 0 refuted.');
    expect(shown).toContain('- **major**, confirmed: `src/error.ts:3` It throws.');
  });

  it('never says that nothing was found where something of it could not be read', () => {
    const show = (gaps: object) => {
      const world = reading();
      world.finish('attempt', { ...reports([]), ...gaps });
      return renderSticky(world.run, 1);
    };
    expect(show({})).toContain('**Reported: nothing was found.**');
    expect(show({ unread: 2 })).toContain('could be read:** 2 entries of lists were no findings.');
    const silent = show({ unheard: ['code-review'] });
    expect(silent).toContain('could be read:** `code-review` gave no list of findings');
    expect(silent).not.toContain('nothing was found');
  });

  it('reads the head of the pull request that it was asked for on, against exactly its base of that moment', () => {
    const world = comment(onPull(), ask).settle().finish('plan', plannedReview());
    expect(world.run.reads).toEqual({ head: sha('7'), pull: { number: 1, branch: 'main', base: sha('8') } });
    expect(world.find('attempt')?.action).toMatchObject({ base: sha('7') });
    world.finish('attempt', reports([{ ...finding, status: 'refuted' }]));
    expect(renderSticky(world.run, 1)).toContain(`pull request #1 at \`${sha('7')}\`, on \`main\` at \`${sha('8')}\``);
  });

  it('is refused with one sentence where there is nothing that it may read', () => {
    const replyTo = (world: WorldOfDecisions, body = ask) => comment(world, body).settle().findReceipt('run')?.reply;
    expect(replyTo(onPull({ state: 'merged' }))).toContain('is merged');
    const gone = onPull();
    gone.pull = undefined;
    expect(replyTo(gone)).toContain('GitHub did not answer');
    const away = onPull();
    away.facts = undefined;
    expect(replyTo(away)).toContain('GitHub did not answer');
    expect(replyTo(onPull(), '/pilot run')).toContain('`/pilot run --workflow review` looks at this pull request');
    expect(replyTo(new WorldOfDecisions(), '/pilot run --workflow reveiw')).toContain('Did you mean `review`?');
  });

  it('is refused on a draft where the settings leave drafts alone, and starts when that is ready for review', () => {
    const world = onPull({ isDraft: true });
    const leaving = 'verify: { commands: [npm test] }\nreview: { drafts: false }\n';
    if (world.facts) world.facts = { ...world.facts, policyText: leaving };
    for (const body of [ask, '/pilot review']) {
      comment(world, body).settle();
      expect(world.record.receipts.at(-1)?.reply).toBe(
        'Pull request #1 is a draft, and the settings (`review.drafts`) have drafts not reviewed: ask again when it is ready for review.',
      );
    }
    if (world.pull) world.pull = { ...world.pull, isDraft: false };
    expect(comment(world, '/pilot review').settle().run.state.kind).toBe('planning');
    const eager = onPull({ isDraft: true });
    expect(comment(eager, '/pilot review').settle().run.state.kind).toBe('planning');
  });

  it('needs no verify commands and no approval, and does not wait for a green base', () => {
    const world = new WorldOfDecisions();
    if (world.facts) world.facts = { ...world.facts, policyText: policyWithApproval };
    comment(world, ask).settle().finish('plan', plannedReview());
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'attempting' });
  });

  it('waits for an approval where somebody wants to see the plan first, or its workflow asks for one', () => {
    const asked = comment(new WorldOfDecisions(), '/pilot plan').settle().finish('plan', plannedReview());
    expect([asked.run.state.kind, asked.find('attempt')]).toEqual(['awaiting_approval', undefined]);
    const route = { workflow: 'review', by: 'named', because: [], confidence: 1, asksApproval: true } as const;
    const routed = comment(new WorldOfDecisions(), ask)
      .settle()
      .finish('plan', { ...plannedReview(), route: { ...route, because: [] } });
    expect([routed.run.state.kind, routed.find('attempt')]).toEqual(['awaiting_approval', undefined]);
  });

  it('is chosen by a label only as long as nothing is built', () => {
    const world = planning().finish('plan', plannedReview());
    expect(world.run.reads).toEqual({ head: sha('b') });
    expect(world.finish('attempt', reports()).run.state.kind).toBe('reported');
  });

  it('ends when its pull request is closed, and not by a push, of which it says nothing', () => {
    const world = comment(onPull(), ask).settle().finish('plan', plannedReview());
    const about = { number: 1, headBranch: 'gatepilot/1/r1' };
    pull(world, 'synchronize', { ...about, headSha: sha('9') }).settle();
    expect(world.run.state.kind).toBe('executing');
    expect(world.run.pullRequest).toBeUndefined();
    pull(world, 'closed', { ...about, headSha: sha('9') }).settle();
    expect(world.run.state.kind).toBe('stopped');
  });

  it('does not start again on a pull request that is over or was pushed to since', () => {
    const about = { number: 1, headBranch: 'cache' };
    const stopped = () => {
      const world = comment(comment(onPull(), ask).settle().finish('plan', plannedReview()), '/pilot stop').settle();
      // Nobody asks GitHub about it from here on.
      world.pull = undefined;
      return world;
    };
    const replyTo = (world: WorldOfDecisions) => comment(world, '/pilot resume').settle().findReceipt('resume')?.reply;
    const pushed = pull(stopped(), 'synchronize', { ...about, headSha: sha('9') }).settle();
    expect(replyTo(pushed)).toContain(`is at \`${sha('9')}\` by now`);
    const closed = pull(stopped(), 'closed', { ...about, headSha: sha('7') }).settle();
    expect(replyTo(closed)).toContain('is closed: there is nothing to look at any more');
    expect([pushed.run.state.kind, closed.run.state.kind]).toEqual(['stopped', 'stopped']);
  });

  it('keeps what it found, whatever is asked for while it reports', () => {
    const during = (body: string) => {
      const world = reading();
      const holder = world.begin('attempt');
      return comment(world, body).settle().report(holder, reports());
    };
    for (const [verb, words] of [
      ['skip', 'review It is late.'],
      ['retry', 'review'],
    ] as const) {
      const world = comment(during('/pilot pause'), `/pilot ${verb} ${words}`).settle();
      expect(world.run.state.kind).toBe('paused');
      expect(world.findReceipt(verb)?.reply).toContain('has reported already');
      expect(comment(world, '/pilot resume').settle().run.state.kind).toBe('reported');
    }
    expect(renderSticky(during('/pilot stop').run, 1)).toContain('**Reported 1 findings:**');
  });

  it('whose agents do not report is tried again, and then fails without a pilot', () => {
    const world = reading();
    const failed = { kind: 'failed', cause: { kind: 'agent_gave_up', why: 'no' }, summary: '' } as const;
    for (let at = 0; at < 2; at += 1)
      world.finish('attempt', { ...failed, spend: { inputTokens: 9, outputTokens: 1, microUsd: 10 } });
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'tasks_failed' } });
    expect(comment(world, '/pilot retry').settle().finish('attempt', reports()).run.state.kind).toBe('reported');
  });
});

describe('a pull request from a fork', () => {
  const fork = { isSameRepository: false };
  const policyText = 'verify: { commands: [npm test] }\nsandbox: { network: [example.com] }\n';

  function onFork(): WorldOfDecisions {
    const world = onPull(fork);
    world.network = { allow: ['example.com'], deny: [] };
    if (world.facts) world.facts = { ...world.facts, policyText };
    world.strangers = { texts: [], labelled: [] };
    return world;
  }

  it('is read as text at its base, and its agents reach nothing', () => {
    const world = comment(onFork(), ask).settle().finish('plan', plannedReview());
    expect(world.run.reads).toEqual({
      head: sha('7'),
      pull: { number: 1, branch: 'main', base: sha('8') },
      isTextOnly: true,
    });
    expect(world.find('attempt')?.action).toMatchObject({ base: sha('8') });
    expect(world.run.policy.sandbox.network).toEqual([]);
    world.finish('attempt', reports());
    expect(renderSticky(world.run, 1)).toContain('nothing of it was executed');
  });

  it.each([
    ['at exactly its head', sha('7'), undefined],
    ['at another commit', sha('6'), true],
  ])('somebody vouched for %s', (_, head, isTextOnly) => {
    const world = onFork();
    comment(world, `/pilot vouch ${head}`, { writtenAt: 1_000 }).settle();
    comment(world, ask).settle().finish('plan', plannedReview());
    expect(world.run.reads?.isTextOnly).toBe(isTextOnly);
    expect(world.find('attempt')?.action).toMatchObject({ base: isTextOnly ? sha('8') : sha('7') });
    expect(world.run.policy.sandbox.network).toEqual([]);
  });

  it('is vouched for by its full head only, which the answer says', () => {
    const world = comment(onFork(), '/pilot vouch', { writtenAt: 1_000 }).settle();
    expect(world.record.vouchedHead).toBeUndefined();
    expect(world.record.receipts.at(-1)?.reply).toContain(
      `\`/pilot vouch ${sha('7')}\` lets exactly that head be executed`,
    );
  });

  it('the label vouches for the head that it was put on with, and for no other', () => {
    const put = (head: string) => {
      const world = onFork();
      const about = { label: 'pilot:ok-to-run', actor: mona, thread: 1, isPullRequest: true, title: 'Add a cache' };
      return world.put({ kind: 'labelled', deliveryId: 'label-1', ...about, head }).settle().record.vouchedHead?.head;
    };
    expect(put(sha('7'))).toBe(sha('7'));
    expect(put(sha('6'))).toBeUndefined();
  });

  it('whoever names a commit that is not the head vouches for no text either', () => {
    const world = onFork();
    const text = { id: 'thread', author: 'mallory', hash: 'hash', chars: 9, editedAt: 0 };
    world.strangers = { texts: [text], labelled: [] };
    comment(world, `/pilot vouch ${sha('6')}`, { writtenAt: 60_000 }).settle();
    expect(world.record.vouch).toBeUndefined();
    expect(world.record.receipts.at(-1)?.state.kind).toBe('refused');
    comment(world, '/pilot vouch', { writtenAt: 60_000 }).settle();
    expect(world.record).toMatchObject({ vouch: { texts: [{ id: 'thread' }] } });
    expect(world.record.vouchedHead).toBeUndefined();
  });

  it('a push drops the vouch, also one that goes back again', () => {
    const world = comment(onFork(), `/pilot vouch ${sha('7')}`, { writtenAt: 1_000 }).settle();
    const push = (headSha: string) =>
      pull(world, 'synchronize', { number: 1, headSha, headBranch: 'cache', isSameRepository: false }).settle();
    push(sha('7'));
    expect(world.record.vouchedHead).toMatchObject({ by: 'mona', head: sha('7') });
    push(sha('6'));
    expect(world.record.vouchedHead).toBeUndefined();
    push(sha('7'));
    expect(world.record.vouchedHead).toBeUndefined();
  });

  it.each([
    ['somebody who may only read', { actor: { ...mona, login: 'rita' } }, fork],
    ['anybody, for one that is closed', {}, { ...fork, state: 'closed' as const }],
    ['anybody, for one from a branch of this repository', {}, {}],
  ])('is not vouched for by %s', (_, more, about) => {
    const world = onPull(about);
    world.strangers = { texts: [], labelled: [] };
    comment(world, `/pilot vouch ${sha('7')}`, { writtenAt: 1_000, ...more }).settle();
    expect(world.record.vouchedHead).toBeUndefined();
    expect(world.record.receipts.at(-1)?.state.kind).toBe('refused');
  });
});
