// 27 staging: a batch is put together beside the run's own ref, which moves once or not at all.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Action } from '../../src/core/model/action.ts';
import type { PlannedTask } from '../../src/core/model/plan-outcome.ts';
import { toIntegrationRef, toStagingRef } from '../../src/engine/staging.ts';
import { plannedTask } from '../core/run/outcome.ts';
import { type Agent, type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

const files = { 'README.md': '# Simple\n', 'shared.txt': 'first\n', 'check.sh': 'true\n' };
const own = (key: string): PlannedTask => ({ ...plannedTask(key), ownedPaths: [`${key}.txt`, 'shared.txt'] });
const writeOwn: Agent = ({ role, workspace }) => {
  const key = role.replace('task-', '');
  return writeFile(join(workspace, `${key}.txt`), `${key}\n`);
};
const isIntegrate = ({ kind }: Action) => kind === 'integrate';

async function open(agent: Agent = writeOwn): Promise<MergeStage> {
  stage = await openMergeStage({ files, tasks: [own('a'), own('b')], batches: [['a', 'b']], agent });
  await stage.play(isIntegrate);
  return stage;
}

const place = { number: 1, runId: 'r1' };
const target = toIntegrationRef(place);

describe('27 staging: a batch', () => {
  it('moves the ref of the run once, to what was verified, and leaves no staging ref', async () => {
    await open();
    let during: string[] = [];
    stage.faults.exportBundle = async (...args) => {
      during = stage.listRefs();
      return await stage.scene.git.exportBundle(...args);
    };
    await stage.play();
    expect(during).toEqual([expect.stringContaining('/staging/')]);
    expect(stage.listRefs()).toEqual([target]);
    expect(await stage.git.readRef(stage.ref, target)).toBe(stage.world.run.integration?.commit);
    expect(stage.world.run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'merged']);
    expect([await stage.read('a.txt'), await stage.read('b.txt')]).toEqual(['a\n', 'b\n']);
  });

  it('whose merge conflicts leaves the target to what did not, and no staging ref', async () => {
    await open(async (call) => {
      await writeOwn(call);
      await writeFile(join(call.workspace, 'shared.txt'), `${call.role}\n`);
    });
    const outcome = await stage.carryOut(stage.world.begin('integrate'));
    expect(outcome).toMatchObject({ landed: ['a'], failed: [{ key: 'b', cause: { paths: ['shared.txt'] } }] });
    expect(stage.listRefs()).toEqual([target]);
  });

  it('whose target moves meanwhile changes nothing, and is put together anew', async () => {
    await open();
    const holder = stage.world.begin('integrate');
    stage.faults.exportBundle = async (...args) => {
      await stage.scene.git.updateRef(stage.ref, target, stage.base, undefined);
      return await stage.scene.git.exportBundle(...args);
    };
    const outcome = await stage.carryOut(holder);
    expect(outcome).toMatchObject({ kind: 'failed', cause: { kind: 'infrastructure', system: 'git' } });
    expect(await stage.git.readRef(stage.ref, target)).toBe(stage.base);
    expect(stage.listRefs()).toEqual([target]);
    delete stage.faults.exportBundle;
    stage.world.report(holder, outcome as never);
    const made = stage.calls.length;
    await stage.play();
    expect(stage.world.run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'merged']);
    expect(stage.calls).toHaveLength(made);
  });

  it('that is cancelled while it is verified leaves the target where it was, and no staging ref', async () => {
    await open();
    const stop = new AbortController();
    stage.faults.checkout = async (...args) => {
      stop.abort();
      await stage.scene.git.checkout(...args);
    };
    expect(await stage.carryOut(stage.world.begin('integrate'), { signal: stop.signal })).toEqual({ kind: 'stopped' });
    expect(stage.listRefs()).toEqual([]);
  });

  it('whose worker died goes on from what was staged, without merging it again', async () => {
    await open();
    const holder = stage.world.begin('integrate');
    const died = new Error('the worker is gone');
    stage.faults.checkout = async () => await Promise.reject(died);
    stage.faults.updateRef = async (ref, name, to, from) => {
      if (to === undefined) throw died;
      return await stage.scene.git.updateRef(ref, name, to, from);
    };
    await expect(stage.carryOut(holder)).rejects.toThrow(died);
    const staged = await stage.git.readRef(stage.ref, toStagingRef({ ...place, actionId: holder.action.id }));
    expect(staged).toBeDefined();
    delete stage.faults.checkout;
    delete stage.faults.updateRef;
    stage.faults.merge = async () => await Promise.reject(new Error('it is merged already'));
    expect(await stage.carryOut(holder)).toMatchObject({ kind: 'integrated', commit: staged, landed: ['a', 'b'] });
    expect(stage.listRefs()).toEqual([target]);
  });

  it('whose holder was replaced takes nothing away of whoever replaced him', async () => {
    await open();
    const newer = toStagingRef({ ...place, actionId: 'r1-integrate-9' });
    const lost = new AbortController();
    stage.faults.listRefs = async (...args) => {
      await stage.git.updateRef(stage.ref, newer, stage.base, undefined);
      const listed = await stage.scene.git.listRefs(...args);
      lost.abort();
      return listed;
    };
    expect(await stage.carryOut(stage.world.begin('integrate'), { signal: lost.signal })).toEqual({ kind: 'stopped' });
    expect(stage.listRefs()).toEqual([newer]);
  });

  it('takes away what others staged of this run and left behind, and nothing of other runs', async () => {
    await open();
    const elsewhere = toStagingRef({ number: 1, runId: 'r11', actionId: 'r11-integrate-1' });
    const left = toStagingRef({ ...place, actionId: 'r1-integrate-0' });
    for (const ref of [left, elsewhere]) await stage.git.updateRef(stage.ref, ref, stage.base, undefined);
    await stage.play();
    expect(stage.listRefs()).toEqual([target, elsewhere]);
  });
});
