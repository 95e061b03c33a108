// Batches that are green one by one and red together: who caused it is taken out, and who did not is merged again as it is.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlannedTask } from '../../src/core/model/plan-outcome.ts';
import type { PilotDecision } from '../../src/core/pilot/pilot-decision.ts';
import { toIntegrationRef } from '../../src/engine/staging.ts';
import { plannedTask, some } from '../core/run/outcome.ts';
import { leaseMs } from '../support/world-of-decisions.ts';
import { type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

const own = (key: string) => ({ ...plannedTask(key), ownedPaths: [`${key}.txt`] });

/** `a` and `b` are red as soon as both are there, and what is printed then says `says`. */
async function openTwo(says: string): Promise<MergeStage> {
  const check = `if [ -e a.txt ] && [ -e b.txt ]; then echo "${says}"; exit 1; fi\n`;
  return await open(check, [own('a'), own('b')], [['a', 'b']]);
}

function goOn(more: Partial<PilotDecision>): PilotDecision {
  const lists = { failureAnalysis: [], strategies: [], routedContext: [], skip: [], learnings: [], batches: [] };
  return { ...lists, verdict: 'continue', verdictReason: 'It can go on.', ...more };
}

async function open(check: string, tasks: readonly PlannedTask[], batches: string[][]): Promise<MergeStage> {
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'check.sh': check },
    tasks,
    batches,
    agent: ({ role, workspace }) => writeFile(join(workspace, `${role.replace('task-', '')}.txt`), `${role}\n`),
  });
  return stage;
}

const calls = () => stage.calls.map(({ role }) => role).sort();
const states = () => stage.world.run.tasks.map(({ key, state, attempts }) => [key, state.kind, attempts.length]);

describe('22 integration-red: two tasks, each green alone and red together', () => {
  it('42 causal-routing: take out whom the output names; the other is merged as it is, and no agent runs again', async () => {
    await openTwo('error in b.txt:1');
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
    await openTwo('it does not work');
    await stage.play(({ kind }) => kind === 'pilot');
    for (const { state } of stage.world.run.tasks)
      expect(state).toMatchObject({ kind: 'failed', cause: { kind: 'integration_unrouteable' } });
    expect(await stage.git.readRef(stage.ref, toIntegrationRef({ number: 1, runId: 'r1' }))).toBeUndefined();
  });

  it('42 causal-routing: alone on what was green is to blame by elimination, also with output that names nobody', async () => {
    const fits = 'if [ -e a.txt ] && [ -e b.txt ]; then echo "error in b.txt:1"; exit 1; fi';
    const check = `${fits}\nif [ -e a.txt ] && [ -e c.txt ]; then echo "it does not work"; exit 1; fi\n`;
    const shared = (key: string) => ({ ...own(key), ownedPaths: [`${key}.txt`, 'shared.txt'] });
    await open(check, [shared('a'), own('b'), shared('c')], [['a', 'b'], ['c']]);
    await stage.play(({ kind }) => kind === 'pilot');
    // First the other one, and then what was taken out, which nobody built on it.
    const batches = [['c'], ['a']];
    stage.world.finish('pilot', {
      kind: 'decided',
      decision: goOn({ batches }),
      exchange: 'exchange',
      seconds: 1,
      spend: some,
    });
    await stage.play();
    expect(states()).toEqual([
      ['a', 'failed', 1],
      ['b', 'failed', 1],
      ['c', 'merged', 1],
    ]);
    const cause = { kind: 'integration_red', paths: [], isOnlyChange: true };
    expect(stage.world.run.tasks[0]?.attempts[0]?.cause).toMatchObject(cause);
    expect(await stage.read('a.txt')).toBeUndefined();
  });

  it('are built anew where the pilot says how', async () => {
    await openTwo('error in b.txt:1');
    await stage.play(({ kind }) => kind === 'pilot');
    const decision = goOn({
      strategies: [{ task: 'a', action: 'retry_different', guidance: 'Do it otherwise.', reason: 'It may pass.' }],
      batches: [['a']],
    });
    stage.world.finish('pilot', { kind: 'decided', decision, exchange: 'exchange', seconds: 1, spend: some });
    await stage.play();
    expect(calls()).toEqual(['task-a', 'task-a', 'task-b']);
    expect(states()[0]).toEqual(['a', 'merged', 2]);
  });
});

it('41 crash-mid-retry: a merge that is tried again and whose worker dies is handed out as a merge, and never as an attempt', async () => {
  await openTwo('error in b.txt:1');
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
