// What a reviewer is asked, on real git: every item is, in as many parts as that takes, for the money of one review.
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
    await open(({ prompt, attempt, maxOutputTokens }) => {
      const entries = meetAll(prompt);
      asked.push({ attempt, items: entries.length, tokens: maxOutputTokens });
      return { entries };
    });
    await stage.play();
    expect(asked).toEqual(keys.map((_, at) => ({ attempt: `1.${at + 1}`, items: 20, tokens: 13_000 })));
    expect(stage.world.run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'merged', 'merged']);
    const [review] = stage.world.run.acceptances;
    expect(review?.spend.microUsd).toBe(3_000);
    const kept = await stage.readArtifact(review?.exchange ?? '');
    expect(JSON.parse(kept)).toHaveLength(3);
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

  it('ends by name where its parts use up what was reserved for all of them', async () => {
    let count = 0;
    await open(({ prompt, limits }) => {
      count += 1;
      return { entries: meetAll(prompt), microUsd: limits?.microUsd ?? 0 };
    });
    await stage.play();
    expect(count).toBe(1);
    expect(stage.world.run.state).toMatchObject({
      kind: 'failed',
      cause: { kind: 'budget', limit: 'part of budget.run_usd for one review' },
    });
  });
});
