// What is kept of an attempt whose agent did not come to its end.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { AgentFault } from '../../src/engine/port/agent.ts';
import { plannedTask } from '../core/run/outcome.ts';
import { type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

/** The first attempt fails like this, after it has written `content`; the second one does its work. */
async function open(fault: AgentFault, content = 'half\n'): Promise<void> {
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'check.sh': 'echo fine\n' },
    tasks: [{ ...plannedTask('a'), ownedPaths: ['a/**'] }],
    batches: [['a']],
    agent: async ({ workspace, attempt }) => {
      await mkdir(join(workspace, 'a'), { recursive: true });
      await writeFile(join(workspace, 'a/part.txt'), attempt === 1 ? content : 'whole\n');
      if (attempt === 1) await writeFile(join(workspace, 'README.md'), '# Not its own\n');
    },
  });
  stage.end = ({ attempt }) =>
    attempt === 1
      ? { kind: 'failed', fault, message: 'it ended', retryable: false, text: 'I was about to' }
      : { kind: 'done', text: 'Done.' };
}

const attempts = () => stage.world.run.tasks[0]?.attempts ?? [];

it.each<[AgentFault, string]>([
  ['timeout', 'deadline'],
  ['budget', 'budget'],
])('keeps what was changed until then with an attempt that failed by %s, as no result', async (fault, kind) => {
  await open(fault);
  // A part that is spent is not tried again inside of the batch.
  await stage.play(({ kind: next }) => attempts().length > 1 || next === 'pilot');
  const [attempt] = attempts();
  expect(attempt?.cause?.kind).toBe(kind);
  expect(attempt?.stat).toEqual({ files: 2, additions: 2, deletions: 1 });
  const patch = await stage.readArtifact(attempt?.patch ?? '');
  expect(patch).toContain('+half');
  expect(patch).toContain('+# Not its own');
  expect(stage.listRefs()).toEqual([]);
});

it('keeps no patch that brings in a secret', async () => {
  await open('crash', `token: ghp_${'a1B2'.repeat(9)}\n`);
  await stage.play(() => attempts().length > 1);
  const [attempt] = attempts();
  expect(attempt?.cause?.kind).toBe('agent_crashed');
  expect([attempt?.patch, attempt?.stat]).toEqual([undefined, undefined]);
});

it('fails as it would where that cannot be had', async () => {
  await open('crash');
  stage.faults.capture = async () => {
    throw new ExternalError({ system: 'git', message: 'the disk is full', retry: 'never' });
  };
  await stage.play(() => attempts().length > 1);
  expect(attempts()[0]).toMatchObject({
    cause: { kind: 'agent_crashed', detail: 'it ended' },
    summary: 'I was about to',
  });
  expect(attempts()[0]?.patch).toBeUndefined();
});

it('is stopped with nothing kept by a stop that comes meanwhile', async () => {
  await open('crash');
  await stage.play(({ kind }) => kind === 'attempt');
  const stop = new AbortController();
  const { capture } = stage.git;
  stage.faults.capture = async (options) => {
    stop.abort();
    return await capture(options);
  };
  const outcome = await stage.carryOut(stage.world.begin('attempt'), { signal: stop.signal });
  expect(outcome).toEqual({ kind: 'stopped', spend: expect.objectContaining({ microUsd: 1_000 }) });
});
