// Agents that leave marks of a conflict in files of theirs, whatever the verify commands think of it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { plannedTask } from '../core/run/outcome.ts';
import { type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

const marked = '# Simple\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\n';

/** `writes`: what the agent of each attempt leaves in the file. */
async function play(path: string, before: string, ...writes: readonly string[]) {
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', [path]: before, 'check.sh': 'echo fine\n' },
    tasks: [{ ...plannedTask('a'), ownedPaths: [path] }],
    batches: [['a']],
    agent: ({ workspace, attempt }) => writeFile(join(workspace, path), writes[attempt - 1] ?? 'plain\n'),
  });
  await stage.play();
  const [task] = stage.world.run.tasks;
  if (!task) throw new Error('there is no task');
  return task;
}

it('fail with the files, their patch kept and nothing verified, and the next attempt is told', async () => {
  const { state, attempts } = await play('guide.md', 'before\n', marked);
  expect(attempts.map(({ cause }) => cause)).toEqual([{ kind: 'conflict_marks', paths: ['guide.md'] }, undefined]);
  expect(state.kind).toBe('merged');
  const [failed] = attempts;
  expect(failed).toMatchObject({ stat: { files: 1, additions: 6, deletions: 1 } });
  expect(await stage.readArtifact(failed?.patch ?? '')).toContain('+>>>>>>> other');
  expect(failed?.steps?.map(({ access }) => access)).not.toContain('commands');
  expect(stage.calls[1]?.prompt).toContain('It left marks of a merge conflict in `guide.md`.');
});

it('pass where the marks stood there before, in a file that shows how conflicts look', async () => {
  const { state, attempts } = await play('guide.md', marked, `${marked}\nTitle\n=======\n`);
  expect(attempts).toHaveLength(1);
  expect(state.kind).toBe('merged');
});
