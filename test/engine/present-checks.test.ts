// Two subjects may have one commit as their head. Lists lag behind, so that whoever makes a check may not have known of the other.
// A commit of the merge queue has the queue's check for as long as the queue has it, and whoever has it as a head their own after that.
import { describe, expect, it } from 'vitest';
import { openGroup } from '../../src/core/model/group.ts';
import { openRecord } from '../../src/core/model/record.ts';
import { renderObservedCheck } from '../../src/core/reply/render-check.ts';
import { renderGroupCheck } from '../../src/core/reply/render-group-check.ts';
import type { DesiredCheck } from '../../src/core/reply/view.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import type { CheckFacts, GitHubPort } from '../../src/engine/port/github.ts';
import { presentChecks } from '../../src/engine/present-checks.ts';
import { startShowing } from '../../src/engine/showing.ts';
import { sha } from '../core/run/outcome.ts';
import { repository } from '../support/world-of-decisions.ts';

const head = sha('1');
const observed = renderObservedCheck(
  {},
  { number: 30, branch: 'mine', baseBranch: 'main', head, state: 'open' },
  { otherPulls: { kind: 'observe', slash: 'pilot' } },
);
const runs: CheckFacts = {
  id: 5,
  name: observed.name,
  headSha: head,
  externalId: `1:r1:${head}:none`,
  state: { kind: 'in_progress' },
  title: 'Not yet',
  summary: '',
  actions: [],
  annotationCount: 0,
};

interface Place {
  /** What stands there. */
  readonly there?: readonly CheckFacts[];
  /** What comes to be while a check is made. */
  readonly beside?: readonly CheckFacts[];
  readonly isQueued?: boolean;
}

async function show(desired: DesiredCheck, { there = [], beside = [], isQueued = false }: Place) {
  const checks = new Map<number, CheckFacts>(there.map((one) => [one.id, one]));
  const github: Partial<GitHubPort> = {
    listChecks: async () => [...checks.values()],
    createCheck: async (_repository, check) => {
      for (const other of beside) checks.set(other.id, other);
      checks.set(6, { ...check, id: 6, annotationCount: 0 });
      return 6;
    },
    updateCheck: async (_repository, id, check) => {
      checks.set(id, { ...check, id, annotationCount: 0 });
    },
  };
  const store = { takeTokens: async () => ({ kind: 'taken' as const }) };
  const record = openRecord(repository, 30, { isPullRequest: true, title: 'Mine' });
  const showing = startShowing(budgetWrites(github as GitHubPort, { store, perMinute: 40 }), record, {
    holder: { stillHolds: () => true },
    now: 1,
    isQueued: async (commit) => isQueued && commit === head,
  });
  await presentChecks(showing, [desired]);
  return { checks, owners: [...showing.headOwners], failures: showing.failures.map(({ message }) => message) };
}

it('takes back what its newer check lets pass, and tells the run whose check came to be meanwhile', async () => {
  const { checks, owners, failures } = await show(observed, { beside: [runs] });
  expect(checks.get(6)?.state).toEqual({ kind: 'in_progress' });
  expect(checks.get(5)).toEqual(runs);
  expect([owners, failures]).toEqual([[1], []]);
});

it('says yes where nobody else has the head', async () => {
  const { checks, failures } = await show(observed, {});
  expect(checks.get(6)?.state).toEqual({ kind: 'completed', conclusion: 'success' });
  expect(failures).toEqual([]);
});

describe('a commit of the merge queue', () => {
  const formed = { head, ref: 'gh-readonly-queue/main/pr-9-b', branch: 'main', base: sha('2'), number: 9 };
  const group = openGroup(repository, formed, 0);
  const groups: CheckFacts = {
    ...runs,
    externalId: renderGroupCheck(group).externalId,
    state: { kind: 'completed', conclusion: 'failure' },
    title: 'Not merged',
  };
  const mine: CheckFacts = { ...observed, id: 7, annotationCount: 0 };
  const replaced: DesiredCheck = { ...runs, isOnlyForKnown: true, title: 'Replaced' };

  it.each<[string, Place]>([
    ['whose group has no check yet', {}],
    ['that is judged', { there: [groups] }],
  ])('%s gets no check of whoever opened a pull request from it, which looks again', async (_, place) => {
    const { checks, owners, failures } = await show(observed, { ...place, isQueued: true });
    expect([...checks.values()]).toEqual(place.there ?? []);
    expect([owners, failures]).toEqual([[], ['the merge queue has this commit, and the check on it is the queue’s']]);
  });

  it('that the queue is done with has their own verdict', async () => {
    const { checks, owners, failures } = await show(observed, { there: [groups] });
    expect(checks.get(5)).toMatchObject({ externalId: observed.externalId, title: observed.title });
    expect([owners, failures]).toEqual([[], []]);
  });

  it('has no newer check that says otherwise than the queue’s', async () => {
    const { checks } = await show(observed, { there: [groups, mine], isQueued: true });
    expect(checks.get(7)).toMatchObject({ externalId: groups.externalId, state: groups.state });
    const { externalId, state } = groups;
    const both = await show({ ...runs, state: { kind: 'in_progress' } }, { there: [groups, mine], isQueued: true });
    expect([...both.checks.values()]).toMatchObject([
      { externalId, state },
      { externalId, state },
    ]);
  });

  it('has the check of the queue written over theirs while it is judged, and never once it is over', async () => {
    const judging = await show(renderGroupCheck(group), { there: [mine], isQueued: true });
    expect(judging.checks.get(7)).toMatchObject({ externalId: groups.externalId, state: { kind: 'in_progress' } });
    const state = { kind: 'over', at: 0, why: 'merged', wasOpen: true } as const;
    const over = await show(renderGroupCheck({ ...group, state }), { there: [mine] });
    expect([...over.checks.values()]).toEqual([mine]);
  });

  it('is not told as replaced because it was the head of a run’s pull request', async () => {
    expect((await show(replaced, { there: [groups] })).checks.get(5)).toEqual(groups);
    expect((await show(replaced, { there: [runs] })).checks.get(5)?.title).toBe('Replaced');
  });
});
