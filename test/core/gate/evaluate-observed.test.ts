// The gate of a pull request that no run made, where the settings ask for a review of it: open for a whole report of exactly its
// head and its base branch, and for nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateObserved, type OtherPulls, readOtherPulls } from '../../../src/core/gate/evaluate-observed.ts';
import type { Verdict } from '../../../src/core/gate/verdict.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import { openRecord, type SubjectRecord } from '../../../src/core/model/record.ts';
import type { AttemptOutcome } from '../../../src/core/model/result.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  comment,
  failedAttempt,
  finding,
  label,
  mona,
  plannedReview,
  pull,
  red,
  reports,
  sha,
} from '../run/outcome.ts';

const head = sha('7');
const base = sha('8');
const review: OtherPulls = { kind: 'review', blocking: ['critical', 'major'], slash: 'pilot' };
const refuted: Finding = { ...finding, status: 'refuted' };

type Reported = Extract<AttemptOutcome, { kind: 'reported' }>;

function onPull({ isSameRepository = true }: { isSameRepository?: boolean } = {}): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
  const shape = { headBranch: 'cache', isSameRepository, isOurs: false, isDraft: false };
  world.pull = { number: 1, head, branch: 'main', base, state: 'open', ...shape };
  return push(world, head, { isSameRepository });
}

function push(world: WorldOfDecisions, headSha: string, more: Parameters<typeof pull>[2] = {}): WorldOfDecisions {
  return pull(world, 'synchronize', { number: 1, headBranch: 'cache', headSha, ...more }).settle();
}

function begun(body = '/pilot review', world = onPull()): WorldOfDecisions {
  return comment(world, body).settle().finish('plan', plannedReview());
}

function reported(more: Partial<Reported> = {}, world = begun()): WorldOfDecisions {
  return world.finish('attempt', { ...(reports([refuted]) as Reported), ...more });
}

function judge({ pull, ...record }: SubjectRecord, otherPulls = review): Verdict {
  if (!pull) throw new Error('nobody told of the pull request');
  return evaluateObserved({ ...record, pull }, otherPulls);
}

function say({ record }: WorldOfDecisions): string {
  const { state, because } = judge(record);
  return `${state.kind === 'closed' ? state.conclusion : state.kind}: ${because}`;
}

describe('a pull request that no run made and somebody holds', () => {
  it.each<[string, OtherPulls | undefined]>([
    ['passes', { kind: 'observe', slash: 'pilot' }],
    ['is reviewed', review],
    ['waits for what nobody could read', undefined],
  ])('is shut for as long as the label is on, where it %s otherwise', (_name, otherPulls) => {
    const world = reported();
    const gate = () => renderView(world.record, { outbox: [], now: world.now, ...(otherPulls ? { otherPulls } : {}) });
    const before = gate().checks[0]?.state;
    const { wanted } = world.record.presentation;
    label(world, 'pilot:hold').settle();
    expect(gate().checks).toMatchObject([
      {
        state: { kind: 'completed', conclusion: 'action_required' },
        title: 'Not yet: The label `pilot:hold` is on: nothing is merged until somebody takes it off.',
      },
    ]);
    expect(world.record.presentation.urgent).toBeGreaterThan(wanted);
    const { wanted: held } = world.record.presentation;
    label(world, 'pilot:hold', mona, { isTakenOff: true }).settle();
    expect(gate().checks[0]?.state).toEqual(before);
    expect(world.record.presentation.urgent).toBeGreaterThan(held);
  });
});

describe('a pull request that no run made and the settings want reviewed', () => {
  it('is open for a whole report of its head, which says that nothing was verified', () => {
    expect(say(reported())).toBe(
      'open: Reviewed only, and nothing was verified: no run made this pull request. Reviewers of run r1 found nothing ' +
        `that blocks in \`${head.slice(0, 10)}\`, on \`main\` at \`${base.slice(0, 10)}\`.`,
    );
    const minor: Finding = { ...finding, severity: 'minor' };
    expect(say(reported({ findings: [minor, { ...finding, status: 'unverified' }] }))).toContain('open: ');
    expect(say(reported({ isPartial: true }))).toContain(
      'They were shown a part of the change as text, and could look at the rest',
    );
    const fork = begun('/pilot review', onPull({ isSameRepository: false }));
    expect(say(reported({}, fork))).toContain('It was read as text, and nothing of it was executed.');
  });

  it('waits while it is a draft, with the reason, and says where drafts are not reviewed', () => {
    const draft = push(onPull(), head, { isDraft: true });
    expect(say(draft)).toBe('waiting: This is a draft; it may be merged when it is ready for review.');
    const left = readOtherPulls({ policyText: 'gate: { other_prs: review }\nreview: { drafts: false }\n' });
    expect(judge(draft.record, left).because).toContain('have it reviewed only then');
    const ready = push(draft, head, { isDraft: false });
    expect(judge(ready.record, left)).toMatchObject({ state: { kind: 'closed' } });
    expect(judge(ready.record, left).because).toContain('asks for it');
  });

  it('may be asked for by the label', () => {
    const world = onPull();
    label(world, 'pilot:review').settle().finish('plan', plannedReview());
    expect(say(reported({}, world))).toContain('open: ');
  });

  it('stays open when the run has left the record', () => {
    const world = reported();
    const { run: _, ...archived } = world.record;
    expect(judge(archived).state.kind).toBe('open');
  });

  it.each<[string, () => WorldOfDecisions, string]>([
    ['nobody asked', onPull, 'action_required: It is not reviewed yet, and the settings want that'],
    ['it is under way', begun, 'waiting: The review, run r1, is under way.'],
    ['it is paused', () => pausedReview(), 'action_required: The review, run r1, is held and waits for somebody.'],
    ['it was stopped', () => stoppedReview(), 'action_required: The review was stopped by @\u200bmona'],
    ['it failed', () => failedReview(), 'timed_out: The review did not happen: '],
    [
      'it is of an older head',
      () => push(reported(), sha('9')),
      `action_required: The review is of \`${head.slice(0, 10)}\`, and the head is \`${sha('9').slice(0, 10)}\` by now`,
    ],
    [
      'an older head is being reviewed',
      () => push(begun(), sha('9')),
      'action_required: The review is of `7777777777`',
    ],
    [
      'it is of what would be merged into another branch',
      () => retargeted(),
      'action_required: The review is of what would be merged into `main`, and it goes into `release` by now',
    ],
    [
      'it found what blocks',
      () => reported({ findings: [finding, { ...finding, severity: 'critical', what: 'It burns, @all.' }] }),
      'failure: The review found 2 things that were confirmed: It throws. (`src/error.ts`); It burns, @\u200ball.',
    ],
    [
      'a person is asked',
      () => reported({ findings: [{ ...finding, status: 'unverified', isForPerson: true }] }),
      'action_required: A reviewer wants a person to decide: It throws.',
    ],
    ['a step gave no list', () => reported({ unheard: ['code-review'] }), '`code-review` gave no list of findings'],
    ['nobody gave one', () => reported({ isListed: false }), 'no list of findings was given'],
    ['an entry cannot be read', () => reported({ unread: 1 }), '1 entries of what reviewers found cannot be read'],
    ['a claim was not checked', () => reported({ unjudged: 2 }), '2 of the claims of reviewers were checked by nobody'],
    [
      'nobody can say where something confirmed is',
      () => reported({ unplaced: 1 }),
      'action_required: The review does not say everything: the place of 1 of what was confirmed could not be found or read',
    ],
    [
      'nobody could look at what shows something confirmed',
      () => reported({ unseen: 1 }),
      'action_required: The review does not say everything: what shows 1 of the findings could not be looked at',
    ],
    ['a worker reported that looks for no places', () => reported({ unplaced: undefined }), 'an older version made it'],
    ['an older worker reported', () => reported({ unjudged: undefined }), 'an older version made it'],
    [
      'a fork was seen in part',
      () => reported({ isPartial: true }, begun('/pilot review', onPull({ isSameRepository: false }))),
      'action_required: The review does not say everything: a part of the change is too large to be read as text or is no text',
    ],
    ['somebody said what to look at', () => reported({}, begun('/pilot review the README')), 'It is not reviewed yet'],
    ['somebody told its agents what to do', () => toldReview(), '@\u200bmona told its agents what to do'],
    ['a newer one began', () => begun('/pilot review', reported()), 'waiting: The review, run r2, is under way.'],
    [
      'a newer one failed',
      () => failedReview(begun('/pilot review', reported())),
      'timed_out: The review did not happen: ',
    ],
    [
      'another has its head',
      () => shared(),
      'action_required: This head is also in #5 into `release`, and one check would count for both',
    ],
  ])('is shut where %s', (_name, make, said) => {
    expect(say(make())).toContain(said);
  });

  it('is read anew from the settings: what blocks, and how the bot is asked', () => {
    const world = reported({ findings: [finding] });
    expect(judge(world.record, { ...review, blocking: ['critical'] }).state.kind).toBe('open');
    const text = 'gate: { other_prs: review }\nreview: { blocking: [minor] }\ncommand: { slash: bot }\n';
    expect(readOtherPulls({ policyText: text })).toEqual({ kind: 'review', blocking: ['minor'], slash: 'bot' });
    const mistaken = 'gate: { other_prs: review }\nreview: { blocking: [tiny] }\n';
    expect(readOtherPulls({ policyText: mistaken })).toEqual({ kind: 'unknown' });
    expect(judge(onPull().record, { ...review, slash: 'bot' }).because).toContain('`/bot review` asks for it');
  });

  it('is not taken for what passes by a slip, in whichever version of the settings that is made', () => {
    const before = 'verify: { commands: [make] }\n';
    for (const slip of [
      'gate: { other_prs: reviews }',
      'gates: { other_prs: review }',
      'other_prs: review',
      'gate: {',
    ]) {
      const policyText = `${before}${slip}\n`;
      for (const earlierPolicyTexts of [[], [before], [policyText, before]])
        expect(readOtherPulls({ policyText, earlierPolicyTexts }), slip).toEqual({ kind: 'unknown' });
    }
    const said = `${before}gate: { other_prs: review }\n`;
    const kept = readOtherPulls({ policyText: `${before}gate: { other_prs: 5 }\n`, earlierPolicyTexts: [said] });
    expect(kept.kind).toBe('review');
  });

  it('is open for nothing but a whole report of exactly that head and base branch', () => {
    const status = fc.constantFrom<Finding['status']>('confirmed', 'unverified', 'refuted');
    const severity = fc.constantFrom<Finding['severity']>('critical', 'major', 'minor');
    const anyFinding = fc
      .record({ status, severity, isForPerson: fc.boolean() })
      .map((one) => ({ ...finding, ...one }));
    const anyReport = fc.record({
      findings: fc.array(anyFinding, { maxLength: 3 }),
      isListed: fc.boolean(),
      unread: fc.nat(1),
      unjudged: fc.option(fc.nat(1), { nil: undefined }),
      unplaced: fc.option(fc.nat(1), { nil: undefined }),
      unseen: fc.option(fc.nat(1), { nil: undefined }),
      unheard: fc.array(fc.constant('verify'), { maxLength: 1 }),
      isPartial: fc.boolean(),
    });
    const empty = {
      ...{ findings: [], isListed: true, unread: 0, unjudged: 0, unplaced: 0, unseen: 0, unheard: [] },
      isPartial: false,
    };
    const whole = fc.constant<typeof empty>(empty);
    const anyCase = fc.record({
      isSameRepository: fc.boolean(),
      body: fc.constantFrom('/pilot review', '/pilot review', '/pilot review a.ts'),
      report: fc.option(fc.oneof(whole, anyReport), { nil: undefined }),
      pushedTo: fc.option(fc.constantFrom(head, sha('9')), { nil: undefined }),
      baseBranch: fc.constantFrom('main', 'main', 'release'),
    });
    let opened = 0;
    fc.assert(
      fc.property(anyCase, ({ isSameRepository, body, report, pushedTo = head, baseBranch }) => {
        const world = begun(body, onPull({ isSameRepository }));
        if (report) reported(report, world);
        push(world, pushedTo, { isSameRepository, baseBranch });
        const isWhole =
          report?.isListed &&
          report.unread === 0 &&
          report.unjudged === 0 &&
          report.unplaced === 0 &&
          // A worker that looked at no evidence left all of it confirmed.
          (report.unseen ?? 0) === 0 &&
          report.unheard.length === 0 &&
          (isSameRepository || !report.isPartial) &&
          !report.findings.some(
            (one) =>
              (one.isForPerson && one.status !== 'refuted') || (one.status === 'confirmed' && one.severity !== 'minor'),
          );
        const isOpen = isWhole === true && body === '/pilot review' && pushedTo === head && baseBranch === 'main';
        expect(judge(world.record).state.kind === 'open').toBe(isOpen);
        if (isOpen) opened += 1;
      }),
      { numRuns: 150 },
    );
    expect(opened).toBeGreaterThan(5);
  });
});

function pausedReview(): WorldOfDecisions {
  return comment(comment(onPull(), '/pilot review').settle(), '/pilot pause').settle();
}

function stoppedReview(): WorldOfDecisions {
  return comment(begun(), '/pilot stop').settle();
}

function failedReview(world = begun()): WorldOfDecisions {
  while (world.find('attempt')) world.finish('attempt', failedAttempt(red));
  return world;
}

function toldReview(): WorldOfDecisions {
  return reported({}, comment(begun(), '/pilot tell Look away.').settle());
}

function retargeted(): WorldOfDecisions {
  return pull(reported(), 'edited', { number: 1, headBranch: 'cache', headSha: head, baseBranch: 'release' }).settle();
}

function shared(): WorldOfDecisions {
  return reported().put({ kind: 'head_shared', number: 5, head, base: 'release', turn: 'one' }).settle();
}
