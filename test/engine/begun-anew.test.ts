// An attempt whose session cannot be resumed is begun anew by the same holder: what the first beginning used is paid.
import { expect, it } from 'vitest';
import type { Held } from '../../src/engine/carry-out.ts';
import { runAttempt } from '../../src/engine/run-attempt.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { createResources } from '../../src/resource/create-resources.ts';
import { attempting } from '../core/run/place.ts';
import { noHooks } from '../support/no-hooks.ts';

const limits = { microUsd: 1_000_000, tokens: 1_000 };

/** What each agent that is started uses, and what it was given; none of them knows the session that it is asked for. */
async function attempt(
  used: readonly { readonly inputTokens: number; readonly microUsd: number }[],
  {
    signal = new AbortController().signal,
    onTold = () => undefined,
  }: { signal?: AbortSignal; onTold?: () => void } = {},
) {
  const given: object[] = [];
  const usages = used.map(({ inputTokens, microUsd }) => ({
    ...{ requests: 1, inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, exact: true },
    costMicrodollars: microUsd,
  }));
  const session = { id: 'x', resumed: false, capabilities: { resume: true, steer: false } };
  const agent = {
    ...{ name: 'pi', mounts: [], env: {} },
    start: async () => ({
      ...session,
      prompt: async () => ({ kind: 'done', text: 'I am done.' }),
      close: async () => undefined,
    }),
  };
  const world = attempting();
  const base = 'c'.repeat(40);
  const kept = { step: 'execute', agent: 'pi', model: 'usual', id: 's', heard: [] };
  const checkpoint = { id: 'f'.repeat(64), bytes: 1, at: 1, base, workflow: 'direct', done: [], session: kept };
  const tasks = world.run.tasks.map((task) => ({
    ...task,
    workflow: 'direct',
    attempts: [{ number: 1, action: 'a', base, startedAt: 0, checkpoint }],
  }));
  const { setup: _, ...policy } = world.run.policy;
  const record = { ...world.record, run: { ...world.run, tasks, policy } };
  const ports = {
    openWorkPlace: async () => ({ folder: '/nowhere', dispose: async () => undefined }),
    github: { toGitUrl: () => 'url' },
    hash: () => 'hash',
    clock: { now: () => 0, sleep: () => new Promise(() => undefined) },
    log: { info: () => undefined, warn: () => undefined },
    store: { readTold: async () => 0, appendLive: async () => undefined },
    agents: new Map([['pi', agent]]),
    options: { models: ['usual'], attemptTokens: 1_000_000 },
    resources: createResources(undefined),
    hooks: noHooks,
    artifacts: { putText: async () => 'kept' },
    checkpoints: { restore: async () => ({ kind: 'restored' }) },
    sandboxes: {
      proved: new Map(),
      create: async () => ({ kill: async () => undefined, dispose: async () => undefined }),
    },
    gateway: {
      provider: 'anthropic',
      grant: async (grant: { readonly limits: object }) => {
        const usage = usages[given.length];
        given.push(grant.limits);
        return { socket: '/s', token: 't', trouble: () => undefined, revoke: async () => usage };
      },
    },
    git: {
      treeOf: async () => 'tree',
      checkout: async () => undefined,
      listFiles: async () => ({ paths: [], total: 0 }),
      readFile: async () => undefined,
      capture: async () => ({ kind: 'unchanged' }),
    },
  };
  const told: object[] = [];
  const held = {
    record,
    subject: 's',
    action: { kind: 'attempt', id: 'a', runId: world.run.id, task: tasks[0]?.key, base, number: 1, limits },
    token: 'token-of-it',
    signal,
    spent: { spend: { inputTokens: 0, outputTokens: 0, microUsd: 0 } },
    isStillWanted: async () => true,
    stillHolds: () => true,
    inform: async (event: object) => {
      told.push(event);
      onTold();
    },
  };
  // Of ports and of what is held only what is used is here.
  const outcome = await runAttempt(ports as unknown as WorkPorts, held as unknown as Held<'attempt'>);
  return { outcome, given, told, spent: held.spent.spend };
}

const dear = { inputTokens: 900, microUsd: 990_000 };

it('is given what the first beginning left, and its result tells what both have used', async () => {
  const { outcome, given, told, spent } = await attempt([dear, { inputTokens: 10, microUsd: 5 }]);
  expect(told).toMatchObject([{ takeover: { kind: 'anew', why: 'session_gone' } }]);
  expect(given).toMatchObject([limits, { microUsd: 10_000, tokens: 100 }]);
  const both = { inputTokens: 910, outputTokens: 0, microUsd: 990_005, unpricedTokens: 0, requests: 2 };
  expect(outcome).toMatchObject({ kind: 'failed', cause: { kind: 'no_change' }, spend: both });
  expect(spent).toEqual(both);
});

it('starts no second agent where the first beginning left nothing', async () => {
  const all = { inputTokens: 1_000, microUsd: 1_000_000 };
  const { outcome, given } = await attempt([all]);
  expect(given).toHaveLength(1);
  expect(outcome).toMatchObject({ kind: 'failed', cause: { kind: 'budget' }, spend: all });
});

it('that is stopped before its second agent starts tells what the first beginning used', async () => {
  const stop = new AbortController();
  const { outcome, given } = await attempt([dear], { signal: stop.signal, onTold: () => stop.abort() });
  expect(given).toHaveLength(1);
  expect(outcome).toMatchObject({ kind: 'stopped', spend: dear });
});
