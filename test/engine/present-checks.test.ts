// Two subjects may have one commit as their head. Lists lag behind, so that whoever makes a check may not have known of the other.
import { expect, it } from 'vitest';
import { openRecord } from '../../src/core/model/record.ts';
import { renderObservedCheck } from '../../src/core/reply/render-check.ts';
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
  { otherPulls: { kind: 'observe' } },
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

/** The check of a run comes to be while that of somebody's own pull request is made. */
async function showBeside(others: readonly CheckFacts[]) {
  const checks = new Map<number, CheckFacts>();
  const github: Partial<GitHubPort> = {
    listChecks: async () => [...checks.values()],
    createCheck: async (_repository, check) => {
      for (const other of others) checks.set(other.id, other);
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
  });
  await presentChecks(showing, [observed]);
  expect(showing.failures).toEqual([]);
  return { own: checks.get(6), runs: checks.get(5), owners: [...showing.headOwners] };
}

it('takes back what its newer check lets pass, and tells the run whose check came to be meanwhile', async () => {
  const shown = await showBeside([runs]);
  expect(shown.own?.state).toEqual({ kind: 'in_progress' });
  expect(shown.runs).toEqual(runs);
  expect(shown.owners).toEqual([1]);
});

it('says yes where nobody else has the head', async () => {
  expect((await showBeside([])).own?.state).toEqual({ kind: 'completed', conclusion: 'success' });
});
