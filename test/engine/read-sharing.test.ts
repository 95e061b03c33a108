// Who else has a head is read right before its gate is shown as open. What cannot be read opens nothing.
import { expect, it } from 'vitest';
import { evaluateGate } from '../../src/core/gate/evaluate-gate.ts';
import type { HeldCi } from '../../src/core/model/held-ci.ts';
import { openRecord } from '../../src/core/model/record.ts';
import { renderView } from '../../src/core/reply/render-view.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { GitHubPort, PullFacts } from '../../src/engine/port/github.ts';
import { readSharing } from '../../src/engine/read-sharing.ts';
import { startShowing } from '../../src/engine/showing.ts';
import { pushBase, sha } from '../core/run/outcome.ts';
import { ready, verifyingPush } from '../core/run/place.ts';
import { repository, WorldOfDecisions } from '../support/world-of-decisions.ts';

const own: PullFacts = {
  number: 9,
  state: 'open',
  isDraft: false,
  nodeId: 'PR_1',
  headSha: sha('1'),
  headBranch: 'gatepilot/1/r1',
  isSameRepository: true,
  isOurs: true,
  baseBranch: 'main',
  mergeSha: undefined,
  title: '',
  body: '',
};
const other = { ...own, number: 30, isOurs: false, baseBranch: 'release' };

const nothingHeld: HeldCi = { apps: [], runs: 0 };

/** Pull requests as lists show them, and as they are; `away`: GitHub does not answer. */
async function read(
  {
    listed = [own],
    pulls = [],
    heldCi = nothingHeld,
    settings,
  }: {
    listed?: readonly PullFacts[] | 'away';
    pulls?: readonly PullFacts[];
    heldCi?: HeldCi | 'away';
    settings?: string;
  },
  world = ready(),
) {
  const github: Partial<GitHubPort> = {
    listPullsOfHead: async (_repository, head) => {
      if (listed === 'away') throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
      return listed.filter(({ headSha }) => headSha === head);
    },
    listHeldCi: async () => {
      if (heldCi === 'away') throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
      return heldCi;
    },
    readRepository: async () => ({ defaultBranch: 'main', owner: 'acme', name: 'errors', isFork: false }),
    findSibling: async () => undefined,
    readBranch: async () => (settings === undefined ? undefined : sha('5')),
    readFile: async (_repository, path) => (path === '.github/gatepilot.yml' ? settings : undefined),
    readPull: async (_repository, number) => {
      const found = pulls.find((pull) => pull.number === number);
      if (!found) throw new Error(`nobody should read #${number}`);
      return found;
    },
  };
  const store = { takeTokens: async () => ({ kind: 'taken' as const }) };
  const budgeted = budgetWrites(github as GitHubPort, { store, perMinute: 40 });
  const showing = startShowing(budgeted, world.record, { holder: { stillHolds: () => true }, now: world.now });
  const sharing = await readSharing(showing, world.record);
  const view = renderView(sharing.record, { outbox: world.outbox, now: world.now, ...sharing });
  const state = view.checks[0]?.state;
  return { sharing, showing, gate: state?.kind === 'completed' ? state.conclusion : state?.kind };
}

function toldOf(...numbers: number[]) {
  const world = ready();
  for (const number of numbers)
    world.put({ kind: 'head_shared', number, head: sha('1'), base: 'release', turn: `${number}` }).settle();
  return world;
}

it('is open where nobody else has the head, or goes into the same branch', async () => {
  expect((await read({})).gate).toBe('success');
  expect((await read({ listed: [own, { ...other, baseBranch: 'main' }] })).gate).toBe('success');
});

it('is shut by a pull request that nobody told of, and is told of it', async () => {
  const { gate, sharing } = await read({ listed: [other, own] });
  expect(gate).toBe('action_required');
  expect(sharing.heads).toEqual([{ number: 9, head: sha('1'), sharers: [{ number: 30, base: 'release' }], asked: [] }]);
});

it('is shut by one that was told of and that lists do not show yet', async () => {
  const { gate } = await read({ listed: [own], pulls: [other] }, toldOf(30));
  expect(gate).toBe('action_required');
});

it.each([
  ['was closed', { ...other, state: 'closed' as const }],
  ['has another head', { ...other, headSha: sha('2') }],
  ['goes into the verified branch', { ...other, baseBranch: 'main' }],
])('opens again where what was told of %s', async (_, now) => {
  const world = toldOf(30);
  expect(evaluateGate(world.run).state.kind).toBe('closed');
  const { gate, sharing } = await read({ pulls: [now] }, world);
  expect(gate).toBe('success');
  expect(sharing.heads).toMatchObject([{ sharers: [], asked: [30] }]);
});

it('is never open while that cannot be read, and is tried again', async () => {
  const { gate, sharing, showing } = await read({ listed: 'away' });
  expect(gate).toBe('in_progress');
  expect(sharing.heads).toEqual([]);
  expect(showing.failures).toHaveLength(1);
});

it('tells which checks of others wait for somebody, and is open all the same, also where that cannot be read', async () => {
  const { gate, sharing } = await read({ heldCi: { apps: ['CI'], runs: 0 } });
  expect(gate).toBe('success');
  expect(sharing.ci).toEqual([{ number: 9, head: sha('1'), apps: ['CI'], runs: 0 }]);
  const unread = await read({ heldCi: 'away' });
  expect(unread.gate).toBe('success');
  expect(unread.sharing.ci).toEqual([]);
  expect(unread.showing.failures).toHaveLength(1);
});

/** A run of which workflow runs waited when that was read last. */
function waiting(world = ready()): WorldOfDecisions {
  const pull = world.run.pullRequest;
  if (!pull) throw new Error('a ready run has a pull request');
  pull.heldRuns = { head: pull.head, count: 1, since: 0, lookedAt: 0 };
  return world;
}

it('is shut at once where workflow runs wait for somebody, and opens only where it is read that none does', async () => {
  expect((await read({ heldCi: { apps: ['GitHub Actions'], runs: 2 } })).gate).toBe('action_required');
  expect((await read({ heldCi: 'away' }, waiting())).gate).toBe('action_required');
  const opened = await read({}, waiting());
  expect(opened.gate).toBe('success');
  expect(opened.sharing.ci).toMatchObject([{ runs: 0 }]);
});

it('reads whether workflow runs still wait also while something else keeps the gate shut', async () => {
  const { sharing } = await read({ listed: 'away' }, waiting(verifyingAnew()));
  expect(sharing.ci).toMatchObject([{ number: 9, runs: 0 }]);
});

/** The base moved, and the head that is shown is verified on it. */
function verifyingAnew(): WorldOfDecisions {
  const world = ready();
  return pushBase(world, sha('d')).settle();
}

it('asks nothing for a gate that is shut anyway', async () => {
  const { gate, showing } = await read({ listed: 'away' }, verifyingPush());
  expect(gate).toBe('in_progress');
  expect(showing.failures).toEqual([]);
});

/** A pull request that no run made, with the head of the one above. */
function observed(): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.record = {
    ...openRecord(repository, 30, { isPullRequest: true, title: 'Mine' }),
    pull: { number: 30, state: 'open', head: sha('1'), branch: 'mine', baseBranch: 'release' },
  };
  return world;
}

it('leaves the gate of a pull request that no run made to the run that has its head, whose check may not be there yet', async () => {
  const { gate, showing } = await read({ listed: [other, own] }, observed());
  expect(gate).toBe('in_progress');
  expect([...showing.headOwners]).toEqual([1]);
});

it.each([
  ['by nobody else', []],
  ['by somebody who named a branch like one of a run', [{ ...own, isOurs: false }]],
  ['by a fork with such a branch', [{ ...own, isSameRepository: false }]],
])('lets a pull request that no run made pass where its head is had %s', async (_, others) => {
  expect((await read({ listed: [other, ...others] }, observed())).gate).toBe('success');
});

it('lets no pull request pass while nobody can tell who else has its head', async () => {
  expect((await read({ listed: 'away' }, observed())).gate).toBe('queued');
});

/** The same, where the settings ask for a review and there is one of exactly that head. */
function reviewed(): WorldOfDecisions {
  const world = observed();
  const review = { run: 'r1', head: sha('1'), branch: 'release', base: sha('2'), at: 0, findings: [] };
  world.record = { ...world.record, pullReview: review };
  return world;
}

const settings = 'gate: { other_prs: review }\n';
const second = { ...other, number: 31, headBranch: 'theirs' };

it('is open for what was reviewed, and leaves it to a run all the same', async () => {
  expect((await read({ listed: [other], settings }, reviewed())).gate).toBe('success');
  expect((await read({ listed: [other], settings }, observed())).gate).toBe('action_required');
  const { gate, showing } = await read({ listed: [other, own], settings }, reviewed());
  expect(gate).toBe('in_progress');
  expect([...showing.headOwners]).toEqual([1]);
});

it.each([
  ['into the same branch', second],
  ['into another', { ...second, baseBranch: 'main' }],
])('is shut for what was reviewed where another that no run made has the head: %s', async (_, one) => {
  const { gate, sharing } = await read({ listed: [other, one], settings }, reviewed());
  expect(gate).toBe('action_required');
  expect(sharing.heads).toMatchObject([{ number: 30, sharers: [{ number: 31, base: one.baseBranch }] }]);
  // One that is not reviewed is told of those as well: they may be open.
  const unreviewed = await read({ listed: [other, one], settings }, observed());
  expect(unreviewed.sharing.heads).toEqual(sharing.heads);
});

it('is shut by one that was told of and that lists do not show yet, and by lists that cannot be read', async () => {
  const world = reviewed();
  world.put({ kind: 'head_shared', number: 31, head: sha('1'), base: 'release', turn: 'one' }).settle();
  expect((await read({ listed: [other], pulls: [second], settings }, world)).gate).toBe('action_required');
  expect((await read({ listed: [other], pulls: [{ ...second, state: 'closed' }], settings }, world)).gate).toBe(
    'success',
  );
  expect((await read({ listed: 'away', settings }, reviewed())).gate).toBe('queued');
});
