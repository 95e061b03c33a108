// What a pull request says for itself in the merge queue: its own gate, but for the base, which the queue has chosen.
import { describe, expect, it } from 'vitest';
import { evaluateQueuedOther, evaluateQueuedRun, type Queued } from '../../../src/core/gate/evaluate-queued.ts';
import type { Verdict } from '../../../src/core/gate/verdict.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { mona } from '../run/outcome.ts';
import { openRun } from './gate-record.ts';

const run = openRun();
const key = run.verification?.key;
const queued: Queued = {
  number: 9,
  head: key?.head ?? '',
  state: 'open',
  isDraft: false,
  baseBranch: 'main',
  branch: 'main',
  isOurs: true,
  isItsMerge: true,
  change: run.verification?.change ?? '',
};
const say = ({ state, because }: Verdict) => `${state.kind}: ${because}`;
const ofRun = (more: Partial<Queued> = {}, changed: Partial<Run> = {}) =>
  say(evaluateQueuedRun({ ...queued, ...more }, { ...run, ...changed }));

const policy = {
  ...run.policy,
  review: { reviewers: [], blocking: [], fullPaths: [], maxInline: 0, push: 'after_review' as const },
};
const verified = run.verification as NonNullable<Run['verification']>;
const ready = { kind: 'ready', since: 0 } as const;

describe('a pull request of a run in the queue', () => {
  it('is open where its own gate is, and a base that moved is nothing against it', () => {
    expect(ofRun()).toBe('open: Its own gate is open.');
    const baseMoved = { to: 'e'.repeat(40), isRead: true };
    expect(ofRun({}, { baseMoved })).toContain('open');
    const state = { kind: 'reviewing', since: 0, phase: 'verifying', follows: true } as const;
    expect(ofRun({}, { baseMoved, state })).toContain('open');
    // What people pushed, or what is reviewed anew, is waited for.
    expect(ofRun({}, { state: { kind: 'reviewing', since: 0, phase: 'verifying' } })).toContain('waiting');
    expect(ofRun({}, { state: { ...state, phase: 'judging' } })).toContain('waiting');
  });

  it.each<[string, Partial<Queued>, Partial<Run>, string]>([
    ['held by a label', {}, { isHeld: true }, 'closed: The label `pilot:hold` is on'],
    ['paused', {}, { state: { kind: 'paused', since: 0, by: 'mona', back: { kind: 'planning' } } }, 'closed'],
    ['stopped', {}, { state: { kind: 'stopped', since: 0, by: 'mona' } }, 'closed'],
    ['protected', {}, { verification: { ...verified, touched: ['.github/workflows/ci.yml'] } }, 'closed: `.github'],
    ['not reviewed', {}, { policy }, 'waiting: What would be merged was not reviewed yet.'],
    ['pushed to since', { head: 'f'.repeat(40) }, {}, 'waiting: Its head is ffffffffff'],
    ['a draft', { isDraft: true }, {}, 'closed: It is a draft.'],
    ['closed', { state: 'closed' }, {}, 'closed: It is not open any more.'],
    ['merged a moment ago', { state: 'merged' }, {}, 'waiting: It is merged by now.'],
    ['into another branch', { baseBranch: 'release' }, {}, 'closed: It goes into `release` now.'],
    ['something else there', { isItsMerge: false }, {}, 'closed: What the queue has for it is not what merging'],
    ['a path nobody judged', { touched: ['deploy.yml'] }, {}, 'closed: In the queue it changes the protected path'],
  ])('is shut or waited for: %s', (_name, more, changed, said) => {
    expect(ofRun(more, { state: ready, ...changed })).toContain(said);
  });

  it('is waited for where its verdict was made by other settings', () => {
    expect(ofRun({ hasOtherSettings: true }, { state: ready })).toContain('waiting: The settings of `main` are others');
    expect(ofRun({ hasOtherSettings: false }, { state: ready })).toContain('open:');
  });

  it('carries the review of the same patch, and of no other', () => {
    const review = {
      change: verified.change ?? 'c',
      head: queued.head,
      base: 'b',
      at: 0,
      plan: { depth: 'full' as const, why: '', reviewers: [], paths: [] },
      result: { kind: 'judged' as const, findings: [], omitted: 0 },
      steps: [],
      seconds: 0,
      spend: { microUsd: 0, inputTokens: 0, outputTokens: 0 },
    };
    const verification = { ...verified, change: review.change };
    const changed = { policy, review, verification };
    expect(ofRun({ change: review.change }, changed)).toContain('open');
    expect(ofRun({ change: 'another' }, changed)).toContain('its change is another one than was reviewed');
    // Where nobody wants a review, none has to be carried.
    expect(ofRun({ change: 'another' })).toContain('open');
  });

  it('passes with an override of exactly its key', () => {
    const verification = { ...verified, touched: ['.github/workflows/ci.yml'] };
    const override = { gate: 'protected-paths', key: verified.key, by: mona, reason: 'Fine', at: 0 };
    const touched = ['.github/workflows/ci.yml'];
    expect(ofRun({ touched }, { verification, overrides: [override] })).toContain('open');
    const other = { ...override, key: { ...verified.key, base: 'e'.repeat(40) } };
    expect(ofRun({ touched }, { verification, overrides: [other] })).toContain('closed');
  });
});

describe('a pull request that no run made', () => {
  const other = { ...queued, isOurs: false };
  const at = 0;
  it('goes by the settings, by its own label, and not by a run that is gone', () => {
    expect(say(evaluateQueuedOther(other, undefined, { kind: 'observe', slash: 'pilot' }))).toContain('open');
    const review = { kind: 'review', blocking: ['critical'], slash: 'pilot' } as const;
    expect(say(evaluateQueuedOther(other, undefined, review))).toContain('closed: It is not reviewed yet');
    const pullReview = { run: 'r1', head: other.head, branch: 'main', base: other.head, at, findings: [] };
    expect(say(evaluateQueuedOther(other, { pullReview }, review))).toContain('open: Reviewed only');
    expect(say(evaluateQueuedOther({ ...other, head: 'f'.repeat(40) }, { pullReview }, review))).toContain('closed');
    expect(say(evaluateQueuedOther({ ...other, baseBranch: 'x' }, { pullReview }, review))).toContain('closed');
    expect(say(evaluateQueuedOther(other, undefined, { kind: 'unknown' }))).toContain('closed');
    expect(
      say(evaluateQueuedOther(other, { held: { by: 'mona', at, threads: [9] } }, { kind: 'observe', slash: 'pilot' })),
    ).toContain('pilot:hold');
    expect(say(evaluateQueuedOther(queued, undefined, { kind: 'observe', slash: 'pilot' }))).toContain('over and gone');
    const foreignGate = 'Not yet: it is held';
    expect(
      say(evaluateQueuedOther({ ...other, foreignGate }, undefined, { kind: 'observe', slash: 'pilot' })),
    ).toContain('waiting');
  });
});
