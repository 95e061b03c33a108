// A stop that comes after an attempt has begun and before its agent is spawned: no heartbeat has told of it yet.
import { afterEach, expect, it } from 'vitest';
import { plannedTask } from '../core/run/outcome.ts';
import { type MergeStage, openMergeStage } from './merge-stage.ts';

let stage: MergeStage;
afterEach(() => stage.close());

it('32 late-cancel: a stop while the attempt checks out means that its agent is never spawned', async () => {
  stage = await openMergeStage({
    files: { 'README.md': '# Simple\n', 'check.sh': 'true\n' },
    tasks: [plannedTask('a')],
    batches: [['a']],
    agent: () => undefined,
  });
  await stage.play(({ kind }) => kind === 'attempt');
  const holder = stage.world.begin('attempt');
  const ended = new AbortController();
  let isStopped = false;
  stage.faults.checkout = async (...call) => {
    await stage.scene.git.checkout(...call);
    isStopped = true;
  };
  const isStillWanted = async () => {
    if (isStopped) ended.abort('cancelled');
    return !isStopped;
  };
  expect(await stage.carryOut(holder, { signal: ended.signal, isStillWanted })).toMatchObject({ kind: 'stopped' });
  expect(isStopped).toBe(true);
  expect(stage.calls).toEqual([]);
});
