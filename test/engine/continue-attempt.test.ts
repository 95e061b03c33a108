// What has to be as it was before an attempt is gone on with, and a stop that comes before it is restored.
import { expect, it } from 'vitest';
import type { Checkpoint } from '../../src/core/model/checkpoint.ts';
import type { Task } from '../../src/core/model/run.ts';
import { CannotContinue, continueAttempt, findCheckpoint } from '../../src/engine/continue-attempt.ts';

type Arguments = Parameters<typeof continueAttempt>;

const base = 'b'.repeat(40);
const checkpoint: Checkpoint = {
  id: 'f'.repeat(64),
  bytes: 1,
  at: 1,
  base,
  workflow: 'plain',
  done: [{ id: 'read', access: 'read', state: 'done', seconds: 1, output: 'answer' }],
  session: { step: 'write', agent: 'pi', model: 'm', id: 's', heard: [] },
};

/** Everything is as it was, but for what is given. */
async function goOn(from: Checkpoint, { isWanted = true, agents = ['pi'], steps = ['read', 'write'] } = {}) {
  let restored = 0;
  const ports = {
    agents: new Map(agents.map((name) => [name, {}])),
    artifacts: { read: async (_: string, id: string) => (id === 'answer' ? Buffer.from('I read.') : undefined) },
    options: { outputBytes: 1 },
    checkpoints: {
      restore: async () => {
        restored += 1;
        return { kind: 'restored' };
      },
    },
  };
  const scene = {
    held: { isStillWanted: async () => isWanted, token: 'token', signal: new AbortController().signal },
    run: { policy: { sandbox: { memoryMb: 1, diskMb: 1, processes: 1, cpuMinutes: 1 } } },
    workspace: '/w',
    owner: { repository: 'r', number: 1, run: 'r1', task: 'one' },
    workflow: { name: 'plain', steps: steps.map((id) => ({ id })) },
    from,
  };
  // Of ports and run only what is used is here.
  const known = await continueAttempt(ports as unknown as Arguments[0], scene as unknown as Arguments[1]).catch(
    (error: unknown) => (error instanceof CannotContinue ? error.reason : Promise.reject(error)),
  );
  return { known, restored };
}

it('knows what steps that were over answered, and restores the workspace once', async () => {
  const { known, restored } = await goOn(checkpoint);
  expect(restored).toBe(1);
  expect(known).toEqual(new Map([['read', { report: checkpoint.done[0], text: 'I read.' }]]));
});

it('restores nothing where the work is not wanted any more', async () => {
  expect((await goOn(checkpoint, { isWanted: false })).restored).toBe(0);
});

it.each([
  ['workflow_changed', { ...checkpoint, workflow: 'another' }, {}],
  ['workflow_changed', checkpoint, { steps: ['write'] }],
  ['agent_missing', checkpoint, { agents: ['claude'] }],
  ['gone', { ...checkpoint, done: [{ ...checkpoint.done[0], output: 'lost' }] } as Checkpoint, {}],
] as const)('begins anew before anything is restored: %s', async (reason, from, changes) => {
  expect(await goOn(from, changes as object)).toEqual({ known: reason, restored: 0 });
});

it('is found of the very attempt alone, and of its base', () => {
  const action = { id: 'a2', base };
  const find = (attempts: readonly object[], on = base) =>
    findCheckpoint(
      { attempts } as unknown as Task,
      { ...action, base: on } as unknown as Parameters<typeof findCheckpoint>[1],
    );
  const other = { action: 'a1', checkpoint };
  expect(find([other, { action: 'a2' }])).toBeUndefined();
  expect(find([other, { action: 'a2', checkpoint }])).toBe(checkpoint);
  expect(find([{ action: 'a2', checkpoint }], 'c'.repeat(40))).toBeUndefined();
});
