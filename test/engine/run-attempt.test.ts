// An attempt on a host that has never seen the repository.
import { expect, it } from 'vitest';
import type { Held } from '../../src/engine/carry-out.ts';
import { runAttempt } from '../../src/engine/run-attempt.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { reading } from '../core/run/place.ts';
import { noHooks } from '../support/no-hooks.ts';

it('has the commit that says how its task is carried out, also where its own does not contain that one', async () => {
  const world = reading();
  const { run } = world;
  const head = 'e'.repeat(40);
  const mirrored = new Set<string>();
  const need = (commit: string) => {
    if (!mirrored.has(commit)) throw new Error(`${commit} is not in the mirror`);
  };
  const ports = {
    openWorkPlace: async () => ({ folder: '/nowhere', dispose: async () => undefined }),
    github: { createGitToken: async () => 'token', toGitUrl: () => 'url' },
    agents: new Map(),
    options: { models: ['usual'] },
    resources: { read: async () => [] },
    hooks: noHooks,
    git: {
      treeOf: async (_: unknown, commit: string) => (mirrored.has(commit) ? 'tree' : undefined),
      fetch: async (_: unknown, __: unknown, commit: string) => {
        mirrored.add(commit);
        return commit;
      },
      checkout: async (_: unknown, commit: string) => need(commit),
      listFiles: async (_: unknown, commit: string) => {
        need(commit);
        return { paths: [], total: 0 };
      },
    },
  } as unknown as WorkPorts;
  const action = { kind: 'attempt', id: 'a', runId: run.id, task: 'review', base: head, number: 1 };
  const held = {
    record: world.record,
    action,
    token: 'token-of-it',
    signal: new AbortController().signal,
    spent: {},
  } as unknown as Held<'attempt'>;
  const outcome = await runAttempt(ports, held);
  // It came as far as to see that nobody offers this workflow here.
  expect(outcome).toMatchObject({ kind: 'failed', cause: { kind: 'resource_missing', name: 'review' } });
  expect([...mirrored]).toEqual([head, run.base.sha]);
});
