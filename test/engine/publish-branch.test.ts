// Pushing and opening a pull request by a holder that may lose its lease, or be stopped, at any moment in between.
import { beforeEach, expect, it } from 'vitest';
import { nothingSpent } from '../../src/core/model/spend.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import type { GitPort } from '../../src/engine/port/git.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { publishBranch } from '../../src/engine/publish-branch.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { anchored, comment, integrated, planned, verified } from '../core/run/outcome.ts';
import { noHooks } from '../support/no-hooks.ts';
import { WorldOfDecisions } from '../support/world-of-decisions.ts';

let done: string[];
let ended: 'lost' | 'cancelled' | undefined;
let endsAt: string;
beforeEach(() => {
  done = [];
  ended = undefined;
  endsAt = '';
});

/** Notes what was done outside; at the named moment the work is ended. */
async function meet<T>(moment: string, answer: T, how: 'lost' | 'cancelled' = 'lost'): Promise<T> {
  if (moment === endsAt) ended = how;
  return answer;
}

function hold(touched: string[] = []): Held<'publish_branch'> {
  const world = new WorldOfDecisions();
  comment(world, '/pilot run').settle();
  world.finish('plan', planned(['a']));
  world.finish('attempt', anchored());
  world.finish('integrate', integrated(['a']));
  const verify = world.listOpen().find(({ action }) => action.kind === 'verify')?.action;
  world.finish('verify', verified(verify?.kind === 'verify' ? verify.head : ''));
  const holder = world.begin('publish_branch');
  if (world.run.verification) world.run.verification.touched = touched;
  return {
    subject: 'github.test/7/1' as never,
    action: holder.action as never,
    token: holder.token,
    record: structuredClone(world.record),
    isSettling: false,
    spent: { spend: nothingSpent },
    signal: new AbortController().signal,
    stillHolds: () => ended === undefined,
    mayBeReplaced: () => ended === 'lost',
    isStillWanted: async () => true,
    inform: async () => undefined,
  };
}

interface There {
  readonly push: Awaited<ReturnType<GitPort['push']>>;
  readonly pull: Awaited<ReturnType<GitHubPort['findPull']>>;
}

const nothing: There = { push: { kind: 'pushed' }, pull: undefined };

function ports(how: 'lost' | 'cancelled', there = nothing): WorkPorts {
  const git: Partial<GitPort> = {
    treeOf: async () => 'tree',
    diff: async () => ({ changed: [], patch: '' }) as never,
    push: async () => {
      done.push('push');
      return await meet('push', there.push, how);
    },
  };
  const github: Partial<GitHubPort> = {
    toGitUrl: () => 'https://github.test/acme/widget.git',
    createGitToken: () => meet('token', { username: 'x', password: 'y' }, how),
    findPull: () => meet('look', there.pull, how),
    createPull: async () => {
      done.push('create');
      return { number: 9, isDraft: false };
    },
  };
  const store = { takeTokens: async () => ({ kind: 'taken' as const }) };
  return {
    git: git as GitPort,
    hooks: noHooks,
    github: budgetWrites(github as GitHubPort, { store, perMinute: 40 }),
  } as WorkPorts;
}

it('pushes no protected path that no maintainer let through, whoever asks for that', async () => {
  expect(await publishBranch(ports('lost'), hold(['.github/gatepilot.yml']))).toMatchObject({ kind: 'failed' });
  expect(done).toEqual([]);
});

it('pushes and opens the pull request', async () => {
  expect(await publishBranch(ports('lost'), hold())).toMatchObject({ kind: 'published', number: 9 });
  expect(done).toEqual(['push', 'create']);
});

it('pushes nothing when the lease ran out while the token for the push was made', async () => {
  endsAt = 'token';
  expect(await publishBranch(ports('lost'), hold())).toEqual({ kind: 'stopped' });
  expect(done).toEqual([]);
});

it.each(['push', 'look'])('opens no pull request when the lease ran out at the %s', async (moment) => {
  endsAt = moment;
  expect(await publishBranch(ports('lost'), hold())).toEqual({ kind: 'stopped', isPushed: true });
  expect(done).toEqual(['push']);
});

it('opens it when a stop came after the push: a branch of ours that nobody knows of helps nobody', async () => {
  endsAt = 'push';
  expect(await publishBranch(ports('cancelled'), hold())).toMatchObject({ kind: 'published', number: 9 });
  expect(done).toEqual(['push', 'create']);
});

const moved = { kind: 'moved', actual: 'forced' } as const;

it('knows the pull request that a dead holder opened and that people pushed over since', async () => {
  const pull = { number: 9, headSha: 'forced', state: 'open' } as There['pull'];
  expect(await publishBranch(ports('lost', { push: moved, pull }), hold())).toEqual({
    kind: 'published',
    number: 9,
    head: 'forced',
    state: 'open',
  });
  expect(done).toEqual(['push']);
});

it('says that the push was refused where nobody opened a pull request, or where it was not pushed over', async () => {
  const rejected = { kind: 'failed', cause: { kind: 'push_rejected' } };
  expect(await publishBranch(ports('lost', { push: moved, pull: undefined }), hold())).toMatchObject(rejected);
  const refused = { kind: 'rejected', why: 'a rule' } as There['push'];
  const pull = { number: 9, headSha: 'forced', state: 'open' } as There['pull'];
  expect(await publishBranch(ports('lost', { push: refused, pull }), hold())).toMatchObject(rejected);
});
