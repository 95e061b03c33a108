// Batches that are green one by one and red together: who caused it is taken out, and who did not is merged again as it is.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PilotDecision } from '../../src/core/pilot/pilot-decision.ts';
import { toIntegrationRef } from '../../src/engine/staging.ts';
import { plannedTask, some } from '../core/run/outcome.ts';
import { leaseMs } from '../support/world-of-decisions.ts';
import { type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

const own = (key: string) => ({ ...plannedTask(key), ownedPaths: [`${key}.txt`] });

/** `a` and `b` are red as soon as both are there, and what is printed then says `says`. */
async function open(says: string): Promise<MergeStage> {
  const check = `if [ -e a.txt ] && [ -e b.txt ]; then echo "${says}"; exit 1; fi\n`;
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'check.sh': check },
    tasks: [own('a'), own('b')],
    batches: [['a', 'b']],
    agent: ({ role, workspace }) => writeFile(join(workspace, `${role.replace('task-', '')}.txt`), `${role}\n`),
  });
  return stage;
}

const calls = () => stage.calls.map(({ role }) => role).sort();
const states = () => stage.world.run.tasks.map(({ key, state, attempts }) => [key, state.kind, attempts.length]);

describe('22 integration-red: two tasks, each green alone and red together', () => {
  it('42 causal-routing: take out whom the output names; the other is merged as it is, and no agent runs again', async () => {
    await open('error in b.txt:1');
    await stage.play(({ kind }) => kind === 'pilot');
    expect(states()).toEqual([
      ['a', 'rolled_back', 1],
      ['b', 'failed', 1],
    ]);
    expect(stage.world.run.tasks[1]?.state).toMatchObject({ cause: { kind: 'integration_red', paths: ['b.txt'] } });
    // Nothing of it is in the branch of the run.
    expect(stage.world.run.integration).toBeUndefined();
    expect(stage.listRefs()).toEqual([]);
    await stage.play();
    expect(states()).toEqual([
      ['a', 'merged', 1],
      ['b', 'failed', 1],
    ]);
    expect(calls()).toEqual(['task-a', 'task-b']);
    expect([await stage.read('a.txt'), await stage.read('b.txt')]).toEqual(['task-a\n', undefined]);
  });

  it('42 causal-routing: with output that names nobody guess at nobody', async () => {
    await open('it does not work');
    await stage.play(({ kind }) => kind === 'pilot');
    for (const { state } of stage.world.run.tasks)
      expect(state).toMatchObject({ kind: 'failed', cause: { kind: 'integration_unrouteable' } });
    expect(await stage.git.readRef(stage.ref, toIntegrationRef({ number: 1, runId: 'r1' }))).toBeUndefined();
  });

  it('are built anew where the pilot says how', async () => {
    await open('error in b.txt:1');
    await stage.play(({ kind }) => kind === 'pilot');
    const decision: PilotDecision = {
      failureAnalysis: [],
      strategies: [{ task: 'a', action: 'retry_different', guidance: 'Do it otherwise.', reason: 'It may pass.' }],
      routedContext: [],
      skip: [],
      learnings: [],
      batches: [['a']],
      verdict: 'continue',
      verdictReason: 'It can go on.',
    };
    stage.world.finish('pilot', { kind: 'decided', decision, exchange: 'exchange', seconds: 1, spend: some });
    await stage.play();
    expect(calls()).toEqual(['task-a', 'task-a', 'task-b']);
    expect(states()[0]).toEqual(['a', 'merged', 2]);
  });
});

it('41 crash-mid-retry: a merge that is tried again and whose worker dies is handed out as a merge, and never as an attempt', async () => {
  await open('error in b.txt:1');
  await stage.play(({ kind }) => kind === 'pilot');
  const holder = stage.world.begin('pilot');
  stage.world.report(holder, (await stage.carryOut(holder)) as never);
  for (let death = 1; death <= 3; death += 1) {
    expect(stage.world.listWork()).toEqual([expect.stringContaining('-integrate-')]);
    stage.world.die('integrate');
    expect(stage.world.find('integrate')?.dispatch).toBe(death + 1);
  }
  stage.world.pass(leaseMs);
  await stage.play();
  expect(states()[0]).toEqual(['a', 'merged', 1]);
  expect(calls()).toEqual(['task-a', 'task-b']);
});
