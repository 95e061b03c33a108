// A reader that changes the workspace although its sandbox is to keep it from that: a second look says so, and nothing that it
// left is taken. The sandboxes of this stage keep nobody from anything.
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { plannedTask } from '../core/run/outcome.ts';
import { type AgentCall, type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

const workflow = `---
name: looked-at
description: Looked at before and after.
steps:
  - { id: before, role: explorer }
  - { id: execute, role: executor }
  - { id: after, role: reviewer }
  - { id: again, role: executor }
---
{task}
`;

/** `meddle` is what readers do; the writers write one file each. */
async function play(meddle: (call: AgentCall, step: string) => Promise<void>): Promise<string[]> {
  const steps: string[] = [];
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'check.sh': 'echo fine\n', '.gatepilot/workflows/looked-at.md': workflow },
    tasks: [{ ...plannedTask('a'), ownedPaths: ['a/**'], workflow: 'looked-at' }],
    batches: [['a']],
    agent: async (call) => {
      const [, step] = call.role.split('.');
      steps.push(step ?? 'writer');
      if (step !== undefined) return await meddle(call, step);
      await mkdir(join(call.workspace, 'a'), { recursive: true });
      await appendFile(join(call.workspace, 'a/built.txt'), 'a line\n');
    },
  });
  await stage.play(() => attempts().length > 1);
  return steps;
}

const attempts = () => stage.world.run.tasks[0]?.attempts ?? [];

it('is not taken for one where it only reads', async () => {
  expect(await play(async () => undefined)).toEqual(['before', 'writer', 'after', 'writer']);
  expect(attempts()[0]?.cause).toBeUndefined();
  expect(stage.world.run.tasks[0]?.state).toMatchObject({ kind: 'merged' });
});

it.each([
  ['before', 'a/new.txt', ['before']],
  ['after', 'a/built.txt', ['before', 'writer', 'after']],
])('fails the attempt in the step %s with the path %s, and no step comes after it', async (at, path, steps) => {
  const done = await play(async ({ workspace, attempt }, step) => {
    if (step !== at || attempt > 1) return;
    await mkdir(join(workspace, 'a'), { recursive: true });
    await writeFile(join(workspace, path), 'meddled\n');
  });
  expect(done).toEqual(steps);
  expect(attempts()[0]?.cause).toEqual({ kind: 'scope_violation', paths: [path] });
});
