// What a reviewer is asked, on real git: every item is, in as many parts as that takes.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AcceptanceItem } from '../../src/core/model/plan-outcome.ts';
import { plannedTask } from '../core/run/outcome.ts';
import { type MergeStage, openMergeStage, type Reviewer } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

/** As large as a plan may make them. */
const acceptance = Array.from(
  { length: 20 },
  (_, at): AcceptanceItem => ({ id: `a${at}`, text: `${at} ${'x'.repeat(490)}`, level: 'must' }),
);
const keys = ['one', 'two', 'three'];

async function open(reviewer: Reviewer): Promise<MergeStage> {
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'check.sh': 'exit 0\n' },
    tasks: keys.map((key) => ({ ...plannedTask(key), ownedPaths: [`${key}.txt`], acceptance })),
    batches: [keys],
    agent: ({ role, workspace }) => writeFile(join(workspace, `${role.replace('task-', '')}.txt`), `${role}\n`),
    reviewer,
  });
  return stage;
}

/** Shows every item that is listed by the file of its task. */
function meetAll(prompt: string): object[] {
  return [...prompt.matchAll(/^- (\S+) \| (\S+) \| must \| /gm)].map(([, task = '', item]) => ({
    task,
    item,
    status: 'met',
    evidence: { kind: 'trace', path: `${task}.txt`, from: 1, to: 1, quote: `task-${task}` },
    why: 'It is there.',
  }));
}

describe('a batch with more items than one answer can speak of', () => {
  it('is reviewed in parts, and accepted when each of them is', async () => {
    const asked: { attempt: string | undefined; items: number; tokens: number }[] = [];
    const limits: (number | undefined)[] = [];
    await open(({ prompt, attempt, maxOutputTokens, limits: own }) => {
      const entries = meetAll(prompt);
      limits.push(own?.microUsd);
      asked.push({ attempt, items: entries.length, tokens: maxOutputTokens });
      return { entries };
    });
    await stage.play();
    expect(asked).toEqual(keys.map((_, at) => ({ attempt: `1.${at + 1}`, items: 20, tokens: 13_000 })));
    expect(stage.world.run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'merged', 'merged']);
    const { acceptances, policy } = stage.world.run;
    expect(acceptances.map(({ tasks, spend }) => [tasks, spend.microUsd])).toEqual(keys.map((key) => [[key], 1_000]));
    for (const { exchange, tasks } of acceptances)
      expect(JSON.parse(await stage.readArtifact(exchange)).prompt).toContain(`- ${tasks[0]} | a0 |`);
    // Each part has what one review has.
    expect(limits).toEqual(keys.map(() => policy.runMicroUsd / 5));
  });

  it('is not failed by what is said in a part of items that were not listed there', async () => {
    await open(({ prompt }) => {
      const entries = meetAll(prompt);
      const foreign = { task: 'one', item: 'a0', status: 'not_met', why: 'I was not shown it.' };
      return { entries: prompt.includes('- one | a0 |') ? entries : [...entries, foreign] };
    });
    await stage.play();
    expect(stage.world.run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'merged', 'merged']);
  });

  it('takes the branch of the run back when its last part is over, where one of them was not met', async () => {
    await open(({ prompt }) => {
      const entries = meetAll(prompt);
      return { entries: prompt.includes('- one | a0 |') ? entries.slice(1) : entries };
    });
    const merged: string[] = [];
    await stage.play(({ kind }) => {
      if (kind === 'acceptance') merged.push(stage.world.run.candidate?.commit ?? '');
      return kind === 'integrate' && merged.length > 0;
    });
    expect(new Set(merged).size).toBe(1);
    expect(merged).toHaveLength(3);
    expect(stage.world.run.tasks.map(({ state }) => state.kind)).toEqual(['failed', 'anchored', 'anchored']);
    expect(stage.listRefs().filter((ref) => ref.includes('integration'))).toEqual([]);
  });
});
