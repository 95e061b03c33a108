// A review between the verdict and the push: for exactly what would be merged, and in the way of nothing but a merge.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { ReviewOutcome } from '../../../src/core/model/review.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { listEarlier, listOpenFindings } from '../../../src/core/review/open-findings.ts';
import { listAnswers } from '../../../src/core/run/keep-answers.ts';
import { movedLane, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  broughtIn,
  comment,
  found,
  merged,
  nothing,
  outage,
  press,
  published,
  pull,
  reviewed,
  sha,
  verified,
} from './outcome.ts';
import { judging } from './place.ts';

const unusable: ReviewOutcome = {
  kind: 'unusable',
  why: '"correctness" gave no list',
  report: 'r',
  steps: [],
  seconds: 1,
  spend: nothing,
};
const gateOf = (run: Run) => evaluateGate(run).parts.find(({ gate }) => gate === 'review');

function offered(...findings: Parameters<typeof reviewed>) {
  return judging()
    .finish('review', reviewed(...findings))
    .finish('publish_branch', published());
}

describe('what was verified', () => {
  it('is reviewed before the first push, within a part of the budget', () => {
    const world = judging();
    expect(world.listWork()).toEqual(['r1-review-1']);
    expect(world.find('review')?.action).toMatchObject({ head: sha('1'), plan: { depth: 'selective' } });
    expect(Object.keys(world.run.reserved ?? {})).toEqual(['r1-review-1']);
    world.finish('review', reviewed());
    expect(world.listWork()).toEqual(['r1-publish-1']);
    expect(world.run.spend.microUsd).toBeGreaterThan(0);
  });

  it('is pushed before that where the settings want it, and is not ready before', () => {
    const world = judging('publish: { push: after_verify }\n');
    expect(world.listWork()).toEqual(['r1-publish-1']);
    world.finish('publish_branch', published());
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
    expect(evaluateGate(world.run).state.kind).toBe('waiting');
    world.finish('review', reviewed());
    expect(world.run.state.kind).toBe('ready');
  });

  it('opens the gate where nothing that blocks was confirmed', () => {
    const world = offered(found({ severity: 'minor' }), found({ status: 'unverified' }), found({ status: 'refuted' }));
    expect(evaluateGate(world.run).state.kind).toBe('open');
    expect(gateOf(world.run)?.because).toBe('2 reviewers found nothing that blocks.');
  });

  it('is offered with a gate that is shut where something was confirmed, and an override is for that key', () => {
    const world = offered(found());
    expect(world.run.state.kind).toBe('ready');
    expect(gateOf(world.run)).toMatchObject({ state: { kind: 'closed', conclusion: 'failure' } });
    expect(comment(world, '/pilot merge').settle().run.state.kind).toBe('ready');
    comment(world, `/pilot override review ${sha('1')} It is meant so.`, {
      actor: { id: 3, login: 'otto', kind: 'person' },
    }).settle();
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('31 human-flag: waits for a person where a reviewer asks for one, whatever was confirmed', () => {
    const world = offered(found({ isForPerson: true, status: 'unverified' }));
    expect(gateOf(world.run)).toMatchObject({ state: { kind: 'closed', conclusion: 'action_required' } });
    expect(gateOf(offered(found({ isForPerson: true, status: 'refuted' })).run)?.state.kind).toBe('open');
  });
});

describe('a review that did not happen', () => {
  it('is told apart from one that found something, shuts the gate, and is made with the next Recheck', () => {
    const world = judging().finish('review', unusable).finish('publish_branch', published());
    expect(gateOf(world.run)).toMatchObject({ state: { kind: 'closed', conclusion: 'timed_out' } });
    press(world, 'recheck').settle().finish('verify', verified());
    expect(world.listWork()).toEqual(['r1-review-2']);
    world.finish('review', reviewed());
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('cannot be let through', () => {
    const world = judging().finish('review', unusable).finish('publish_branch', published());
    const by = { actor: { id: 3, login: 'otto', kind: 'person' } } as const;
    comment(world, `/pilot override review ${sha('1')} Never mind.`, by).settle();
    expect(evaluateGate(world.run).state.kind).toBe('closed');
  });

  it('is tried again while the world outside is to blame, and left out where an agent is', () => {
    const world = judging().finish('review', { kind: 'failed', cause: outage, spend: nothing });
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
    expect(world.listWork()).toEqual(['r1-review-2']);
    world.finish('review', { kind: 'failed', cause: { kind: 'agent_gave_up', why: 'no' }, spend: nothing });
    expect(world.run.review?.result.kind).toBe('missing');
    expect(world.listWork()).toEqual(['r1-publish-1']);
  });

  it('is one that took too long', () => {
    const world = judging();
    for (let hours = 0; hours < 12 && !world.run.review; hours += 1) world.pass(3_600_000);
    expect(world.run.review?.result).toMatchObject({ kind: 'missing' });
    expect(world.run.state.kind).not.toBe('failed');
  });
});

describe('red that a maintainer lets through', () => {
  it('is reviewed then, and opens the gate where nothing stands against it', () => {
    const otto = { actor: { id: 3, login: 'otto', kind: 'person' } } as const;
    const world = offered();
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2'), 1));
    expect(world.run.state.kind).toBe('ready');
    comment(world, `/pilot override verification ${sha('2')} It is known.`, otto).settle();
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
    world.finish('review', reviewed());
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });
});

describe('what was confirmed of the change before', () => {
  it('is not forgotten by a push, nor by a review that did not happen', () => {
    const world = offered(found({ what: 'It divides by zero.' }));
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2')));
    expect(listOpenFindings(world.run)).toMatchObject([{ what: 'It divides by zero.' }]);
    world.finish('review', unusable);
    expect(listOpenFindings(world.run)).toMatchObject([{ what: 'It divides by zero.' }]);
    press(world, 'recheck')
      .settle()
      .finish('verify', verified(sha('2')));
    expect(listOpenFindings(world.run)).toMatchObject([{ what: 'It divides by zero.' }]);
    world.finish('review', reviewed(found({ status: 'refuted' })));
    expect(listOpenFindings(world.run)).toEqual([]);
  });
});

describe('what a person is to decide', () => {
  const asked = found({ what: 'It breaks a promise.', isForPerson: true, status: 'unverified' });
  const pushed = (world: WorldOfDecisions) =>
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2')));

  it('is not forgotten by a push, nor by a review that did not happen', () => {
    const world = pushed(offered(asked, found({ status: 'unverified' })));
    expect(listOpenFindings(world.run)).toMatchObject([{ id: 'F-1', isForPerson: true }]);
    world.finish('review', unusable);
    expect(listOpenFindings(world.run)).toMatchObject([{ id: 'F-1', isForPerson: true }]);
  });

  it('is nothing that is claimed again: no checker settles it', () => {
    const both = found({ isForPerson: true, what: 'It is confirmed, and still for a person.' });
    const { claimed, undecided } = listEarlier(offered(found(), asked, both, found({ status: 'refuted' })).run);
    expect(claimed.map(({ id }) => id)).toEqual(['F-1']);
    expect(undecided.map(({ id }) => id)).toEqual(['F-2', 'F-3']);
  });
});

describe('what is told beside lines', () => {
  const placed = (more: object = {}) => found({ isInChange: true, ...more });
  const viewOf = (world: WorldOfDecisions) => renderView(world.record).review;

  it('is the worst of it, at most six remarks, once it is offered, and nothing that was refuted or stands nowhere', () => {
    const many = Array.from({ length: 8 }, (_, at) => placed({ what: `Number ${at}.` }));
    const world = offered(...many, placed({ status: 'refuted' }), found());
    const review = viewOf(world);
    expect(review).toMatchObject({ number: 9, headSha: sha('1') });
    expect(review?.remarks).toHaveLength(6);
    expect(review?.body).toContain('3 more are in the comment of this run.');
    expect(viewOf(offered(found()))).toBeUndefined();
    expect(viewOf(judging().finish('review', reviewed(placed())))).toBeUndefined();
  });

  it('is made once for each change', () => {
    const world = offered(placed());
    const { marker } = viewOf(world) ?? { marker: '' };
    world.finish('present', { kind: 'presented', revision: 99, made: [{ key: `review 9 ${marker}`, id: 5 }] });
    expect(world.run.review?.isRemarked).toBe(true);
    expect(viewOf(world)).toBeUndefined();
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2')));
    world.finish('review', reviewed(placed()));
    expect(viewOf(world)?.marker).not.toBe(marker);
  });
});

describe('a push', () => {
  it('makes another change, which is reviewed before the gate opens again', () => {
    const world = offered();
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2')));
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
    expect(evaluateGate(world.run).state.kind).toBe('waiting');
    world.finish('review', reviewed(found()));
    expect(gateOf(world.run)).toMatchObject({ state: { kind: 'closed', conclusion: 'failure' } });
  });

  it('while one is reviewed makes that review worthless', () => {
    const world = judging('publish: { push: after_verify }\n').finish('publish_branch', published());
    const holder = world.begin('review');
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.report(holder, reviewed());
    expect(world.run.review).toBeUndefined();
    expect(world.find('verify')?.action).toMatchObject({ head: sha('2') });
  });
});

describe('a base that moved', () => {
  const onNewBase = (change: string) => ({ ...verified(), base: sha('c'), change });

  it('carries the review where the change is the same', () => {
    const world = offered();
    world.courier = movedLane(sha('c'));
    comment(world, '/pilot merge')
      .settle()
      .finish('verify', onNewBase(`change-of-${sha('1')}`));
    expect(world.show().listWork()).toEqual(['r1-merge-1']);
    world.finish('merge', merged());
    expect(world.run.state.kind).toBe('merged');
  });

  it('in files that it changes is reviewed again, and whoever wanted the merge is told', () => {
    const world = offered();
    world.courier = movedLane(sha('c'));
    comment(world, '/pilot merge').settle().finish('verify', onNewBase('another change'));
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
    expect(world.run.mergeRefusal).toMatchObject({ kind: 'refused', why: expect.stringContaining('reviewed anew') });
    expect(world.record.receipts.at(-1)?.state.kind).toBe('refused');
    world.finish('review', reviewed());
    expect(world.run.state.kind).toBe('ready');
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('is brought in and reviewed as what it gives', () => {
    const world = offered();
    comment(world, '/pilot rebase').settle().finish('verify', broughtIn());
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'judging' });
    world.finish('review', reviewed());
    expect(world.listWork()).toEqual(['r1-publish-2']);
  });
});

describe('the budget', () => {
  it('that leaves nothing for a review is why it did not happen', () => {
    const world = judging('budget: { run_usd: 0.01 }\n');
    expect(world.run.review?.result).toMatchObject({ kind: 'missing', why: expect.stringContaining('budget.run_usd') });
    expect(world.listWork()).toEqual(['r1-publish-1']);
  });

  it('is raised by a continue, and the review is made then', () => {
    const world = judging('budget: { run_usd: 0.01 }\n').finish('publish_branch', published());
    expect(gateOf(world.run)).toMatchObject({ state: { kind: 'closed', conclusion: 'timed_out' } });
    comment(world, '/pilot continue').settle();
    expect(world.record.receipts.at(-1)?.reply).toContain('`budget.run_usd` is now $0.02');
    world.finish('verify', verified());
    expect(world.listWork()).toEqual(['r1-review-1']);
    world.finish('review', reviewed());
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });
});

it('ends with a stop, and a resume asks for it again', () => {
  const world = comment(judging(), '/pilot stop').settle();
  expect(world.run.state.kind).toBe('stopped');
  comment(world, '/pilot resume').settle().finish('verify', verified());
  expect(world.listWork()).toEqual(['r1-review-2']);
});

describe('an answer of a reader', () => {
  const answer = (world: WorldOfDecisions, id: string, change = `change-of-${sha('1')}`) =>
    world
      .put({
        kind: 'reader_answered',
        runId: 'r1',
        action: 'r1-review-1',
        token: `token-${id}`,
        change,
        report: { id, access: 'read', state: 'done', output: `answer of ${id}`, seconds: 1 },
      })
      .settle();
  const known = ({ run }: WorldOfDecisions) => listAnswers(run).map(({ id }) => id);

  it('is kept over a fault and a stop, once, and only for what it was about', () => {
    const world = answer(answer(judging(), 'correctness'), 'correctness');
    answer(world, 'security', 'another change');
    expect(known(world)).toEqual(['correctness']);
    world.finish('review', { kind: 'failed', cause: outage, spend: nothing });
    expect(known(world)).toEqual(['correctness']);
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot resume').settle().finish('verify', verified());
    expect(known(world)).toEqual(['correctness']);
    pull(world.finish('review', reviewed()).finish('publish_branch', published()), 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2')));
    expect(known(world)).toEqual([]);
  });

  it('counts for nothing any more once the review is over, or somebody wants it made anew', () => {
    const over = answer(judging(), 'correctness').finish('review', reviewed());
    expect(over.run.answers).toBeUndefined();
    expect(answer(over, 'security').run.answers).toBeUndefined();
    const missed = answer(judging(), 'correctness').finish('review', unusable);
    expect(missed.run.answers).toBeUndefined();
  });
});

describe('what is pushed while nothing is to start here', () => {
  it('is verified and not reviewed, the gate says why, and it is made up for afterwards', () => {
    const world = offered();
    comment(world, '/pilot ignore').settle();
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2')));
    expect(world.run.state.kind).toBe('ready');
    expect(gateOf(world.run)).toMatchObject({
      state: { kind: 'closed', conclusion: 'action_required' },
      because: expect.stringContaining('since @\u200bmona wants nothing to start here: `/pilot unignore`'),
    });
    expect(gateOf(world.run)?.because).toContain('taking `pilot:never` off');
    const policy = { ...world.run.policy, labelPrefix: 'crew' };
    expect(gateOf({ ...world.run, policy })?.because).toContain('taking `crew:never` off');
    expect(world.listWork()).toEqual([]);
    comment(world, '/pilot unignore').settle();
    expect(world.listWork()).toEqual(['r1-review-2']);
    world.finish('review', reviewed());
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });
});

it('in full is refused where nothing would be merged, and says what to ask for instead', () => {
  const world = comment(new WorldOfDecisions(), '/pilot review full').settle();
  expect(world.record.receipts.at(-1)).toMatchObject({
    state: { kind: 'refused' },
    reply: expect.stringContaining('`/pilot review` has the default branch looked at'),
  });
  expect(world.record.run).toBeUndefined();
});
