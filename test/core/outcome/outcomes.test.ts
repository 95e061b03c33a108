// What people made of a run, and what a repository makes of its runs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/model/finding.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { RunEnd, type RunOutcome } from '../../../src/core/model/run-outcome.ts';
import { accountOutcomes } from '../../../src/core/outcome/account-outcomes.ts';
import { toRunOutcome } from '../../../src/core/outcome/to-run-outcome.ts';
import { listFound } from '../../../src/core/review/list-blocking.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { openRun } from '../gate/gate-record.ts';
import { comment, found, merged, published, pull, reports, reviewed, sha, some } from '../run/outcome.ts';
import { judging, merging, reading, ready } from '../run/place.ts';

const otto = { id: 2, login: 'otto', kind: 'person' } as const;
const hourMs = 3_600_000;

describe('what people made of a run', () => {
  it('is that it was merged as it was offered', () => {
    const { run } = merging().finish('merge', merged()).record;
    expect(run && toRunOutcome(run)).toMatchObject({ end: 'merged_unchanged', microUsd: run?.spend.microUsd });
  });

  it('is that it was changed first, also where we brought the base in after that', () => {
    const { run } = merging().finish('merge', merged()).record;
    if (!run?.pullRequest) throw new Error('it was offered');
    const pushed = { ...run, pullRequest: { ...run.pullRequest, head: sha('9') } };
    expect(toRunOutcome(pushed)?.end).toBe('merged_changed');
    const broughtIn = { ...run, pullRequest: { ...run.pullRequest, replaced: [sha('9')] } };
    expect(toRunOutcome(broughtIn)?.end).toBe('merged_changed');
  });

  it('is that its pull request was closed', () => {
    const { run } = pull(ready(), 'closed').settle().record;
    expect(run && toRunOutcome(run)?.end).toBe('rejected');
  });

  it('is not known while it waits to be merged', () => {
    const { run } = ready().record;
    expect(run && toRunOutcome(run)).toBeUndefined();
  });

  it('is kept once when another run takes its place', () => {
    const world = pull(ready(), 'closed').settle();
    comment(world, '/pilot run').settle();
    expect(world.record.run?.id).toBe('r2');
    expect(world.record.outcomes).toMatchObject([{ end: 'rejected' }]);
  });

  it('counts what became of the findings of each reviewer', () => {
    const run: Run = { ...openRun(), state: { kind: 'closed', since: 9, by: 'mona' } };
    const findings = [
      found({ by: 'tests', status: 'confirmed' }),
      found({ by: 'tests', status: 'refuted', line: 9 }),
      found({ by: 'security', status: 'unverified' }),
    ];
    const review = { result: { kind: 'judged', findings, omitted: 0 } } as unknown as Run['review'];
    expect(toRunOutcome({ ...run, ...(review ? { review } : {}) })?.findings).toEqual({
      tests: { confirmed: 1, refuted: 1, unverified: 0 },
      security: { confirmed: 0, refuted: 0, unverified: 1 },
    });
  });
});

function outcome(end: RunEnd, hours = 1, dollars = 1): RunOutcome {
  return { end, startedAt: 0, endedAt: hours * hourMs, microUsd: dollars * 1_000_000, findings: {} };
}

describe('what a repository makes of its runs', () => {
  it('is how many were taken, how soon, and at what price with all that came to nothing', () => {
    const accounting = accountOutcomes([
      outcome('merged_unchanged', 1, 2),
      outcome('merged_changed', 3, 2),
      outcome('rejected', 2, 3),
      outcome('taken_over'),
      outcome('given_up'),
      outcome('reported'),
    ]);
    expect(accounting).toMatchObject({
      runs: 6,
      ends: { merged_unchanged: 1, merged_changed: 1, rejected: 1, taken_over: 1, given_up: 1, reported: 1 },
      acceptance: 0.5,
      mergeMs: { median: hourMs, p90: 3 * hourMs },
      microUsd: 10_000_000,
      microUsdPerMerge: 5_000_000,
    });
  });

  it('says nothing of what nobody could tell', () => {
    expect(accountOutcomes([])).toMatchObject({ runs: 0, acceptance: undefined, mergeMs: undefined, microUsd: 0 });
    expect(accountOutcomes([outcome('given_up')])).toMatchObject({
      acceptance: undefined,
      microUsdPerMerge: undefined,
    });
  });

  it('says no sum of what nobody knows the cost of', () => {
    const { run } = merging().finish('merge', merged()).record;
    if (!run) throw new Error('it was merged');
    const unpriced = toRunOutcome({ ...run, spend: { inputTokens: 9, outputTokens: 1, microUsd: 0 } });
    expect(unpriced).toMatchObject({ microUsd: 0, isCostUnknown: true });
    const outcomes = [outcome('merged_unchanged', 1, 2), ...(unpriced ? [unpriced] : [])];
    expect(accountOutcomes(outcomes)).toMatchObject({ runs: 2, microUsd: undefined, microUsdPerMerge: undefined });
  });

  it('blames no reviewer for what nobody could settle', () => {
    const findings = {
      tests: { confirmed: 3, refuted: 1, unverified: 5 },
      security: { confirmed: 0, refuted: 0, unverified: 2 },
    };
    const { reviewers } = accountOutcomes([{ ...outcome('rejected'), findings }]);
    expect(reviewers['tests']?.precision).toBe(0.75);
    expect(reviewers['security']?.precision).toBeUndefined();
  });

  it('is the same in whatever order they are counted', () => {
    const anyOutcome = fc.record({ end: fc.constantFrom(...RunEnd.options), hours: fc.nat(99), dollars: fc.nat(99) });
    fc.assert(
      fc.property(fc.array(anyOutcome, { maxLength: 20 }), fc.nat(), (drawn, turn) => {
        const all = drawn.map(({ end, hours, dollars }) => outcome(end, hours, dollars));
        const at = turn % (all.length + 1);
        const accounting = accountOutcomes(all);
        expect(accountOutcomes([...all.slice(at), ...all.slice(0, at)])).toEqual(accounting);
        expect(Object.values(accounting.ends).reduce((sum, count) => sum + count, 0)).toBe(all.length);
      }),
    );
  });
});

describe('what became of findings', () => {
  const read = (what: string, more: Partial<Finding> = {}) => found({ what, by: 'tests', ...more });

  /** Four claims: one that is mended, one that somebody rejects, one that is refuted at once, one that nobody settles. */
  function reviewedTwice(): WorldOfDecisions {
    const world = judging().finish(
      'review',
      reviewed(
        read('It divides.'),
        read('It is slow.', { by: 'security', severity: 'minor' }),
        read('It leaks.', { status: 'refuted' }),
        read('It may race.', { status: 'unverified', by: 'security' }),
      ),
    );
    world.finish('publish_branch', published());
    comment(world, '/pilot dismiss F-2 it is fast enough', { actor: otto }).settle();
    // A newer review is of what is claimed again, and of what it finds itself.
    const [mended] = listFound(world.run);
    comment(world, '/pilot review').settle();
    return world.finish(
      'review',
      reviewed(
        ...(mended ? [{ ...mended, status: 'fixed' as const }] : []),
        read('It is wrong.', { status: 'refuted' }),
      ),
    );
  }

  it('is counted over all reviews of a run: refuted, mended and rejected ones once each', () => {
    const { run } = pull(reviewedTwice(), 'closed').settle().record;
    expect(run && toRunOutcome(run)?.findings).toEqual({
      tests: { confirmed: 1, refuted: 2, unverified: 0 },
      security: { confirmed: 0, refuted: 1, unverified: 1 },
    });
  });

  it('is what was seen of it last, however often it was looked at', () => {
    const world = reviewedTwice();
    comment(world, '/pilot review').settle();
    world.finish('review', reviewed(read('It leaks.'), read('It is wrong.', { status: 'refuted' })));
    const { run } = pull(world, 'closed').settle().record;
    expect(run && toRunOutcome(run)?.findings['tests']).toEqual({ confirmed: 2, refuted: 1, unverified: 0 });
  });

  it('is not lost where the newest review did not happen', () => {
    const world = reviewedTwice();
    comment(world, '/pilot review').settle();
    world.finish('review', { kind: 'unusable', why: 'no list', report: 'r', steps: [], seconds: 1, spend: some });
    const { run } = pull(world, 'closed').settle().record;
    expect(run?.review?.result.kind).toBe('missing');
    expect(run && toRunOutcome(run)?.findings['tests']).toEqual({ confirmed: 1, refuted: 2, unverified: 0 });
  });

  it('is counted of a run that only reads', () => {
    const findings = [read('It divides.'), read('It leaks.', { status: 'refuted' })];
    const { run } = reading().finish('attempt', reports(findings)).record;
    expect(run && toRunOutcome(run)).toMatchObject({
      end: 'reported',
      findings: { tests: { confirmed: 1, refuted: 1, unverified: 0 } },
    });
  });

  it('is bounded, whatever many reviews say', () => {
    const world = judging();
    for (let review = 0; review < 12; review += 1) {
      const findings = Array.from({ length: 20 }, (_, at) => read(`${review} ${at}`, { status: 'refuted' }));
      world.finish('review', reviewed(...findings));
      if (review === 0) world.finish('publish_branch', published());
      comment(world, '/pilot review').settle();
    }
    expect(world.run.judged?.length).toBe(200);
  });
});
