// Holders that die, and holders that were taken for dead.
import { describe, expect, it } from 'vitest';
import { leaseMs, toResult } from '../../support/world-of-decisions.ts';
import { anchored, comment, failedAttempt, published, pull, red } from './outcome.ts';
import { atBoundary, attempting, integrating, planning, publishing, verifying } from './place.ts';

const hourMs = 3_600_000;

describe('a holder that dies', () => {
  it('40 live-vs-dead-owner: is replaced under the next dispatch number, up to four in all', () => {
    const world = attempting();
    const dispatches: (number | undefined)[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      world.die('r1-attempt-a-1-1');
      dispatches.push(world.find('attempt')?.dispatch);
    }
    expect(dispatches).toEqual([2, 3, 4]);
    world.die('r1-attempt-a-1-1');
    // Its workers died time after time: that attempt is over, and counts.
    expect(world.listWork()).toEqual(['r1-attempt-a-2-2']);
    expect(world.run.troubles).toEqual({});
  });

  it('however often it does so for one task, ends the task for that reason after a bounded number', () => {
    const world = attempting();
    // Whoever died may have spent all that was reserved; here the money is never what ends it.
    Object.assign(world.run.policy, { runMicroUsd: 1e12, runTokens: 1e12 });
    let deaths = 0;
    for (let tries = 0; tries < 100 && world.run.state.kind === 'executing'; tries += 1) {
      const [id] = world.listWork();
      if (id === undefined) break;
      if (id.includes('-attempt-')) deaths += 1;
      world.die(id);
    }
    const [task] = world.run.tasks;
    expect(task?.state).toMatchObject({ kind: 'failed', cause: { kind: 'infrastructure', system: 'worker' } });
    expect(deaths).toBe(4 * (task?.attempts.length ?? 0));
    expect(task?.attempts.length).toBeLessThanOrEqual(world.run.policy.maxAttempts);
    expect(world.listWork()).toEqual([]);
  });

  it('four times costs what an outage costs, for everything that a run does but attempts', () => {
    const worlds = [planning(), integrating(), verifying(), publishing()];
    for (const world of worlds) {
      const [id = ''] = world.listWork();
      const before = world.run.state;
      for (let tries = 0; tries < 4; tries += 1) world.die(id);
      expect(world.run.state).toEqual(before);
      expect(Object.values(world.run.troubles)).toEqual([1]);
      expect(world.listWork()).toHaveLength(1);
    }
  });

  it('four times while it asks the pilot leaves the decision to the plan', () => {
    const world = atBoundary();
    for (let tries = 0; tries < 4; tries += 1) world.die('pilot');
    expect(world.run.boundaries[0]?.source).toMatchObject({ kind: 'fell_back' });
    expect(world.run.state.kind).toBe('failed');
  });
});

describe('a holder whose lease is valid', () => {
  it('is never replaced, however long it works', () => {
    const world = attempting();
    const holder = world.begin('attempt');
    world.pass(hourMs);
    expect(world.find('attempt')).toMatchObject({ dispatch: 1, state: { kind: 'begun', token: holder.token } });
    world.report(holder, anchored());
    expect(world.run.tasks[0]?.state.kind).toBe('anchored');
  });
});

describe('a late result of a replaced holder', () => {
  it('changes nothing, whichever of the two comes first', () => {
    const world = attempting();
    const first = world.begin('attempt');
    world.kill(first).pass(leaseMs);
    const second = world.begin('attempt');
    const before = structuredClone(world.run);
    world.put(toResult(first, failedAttempt(red))).settle();
    expect(world.run).toEqual(before);
    world.report(second, anchored());
    const after = structuredClone(world.run);
    world.put(toResult({ ...first, token: 'another' }, failedAttempt(red))).settle();
    expect(world.run).toEqual(after);
  });

  it('of a run that is over is waited for by the next run and does not touch it', () => {
    const world = publishing();
    const late = world.begin('publish_branch');
    pull(world, 'closed').settle();
    comment(world, '/pilot run').settle();
    expect([world.run.id, world.listWork()]).toEqual(['r2', ['r1-publish-1']]);
    world.report(late, published());
    expect(world.run).toMatchObject({ id: 'r2', state: { kind: 'planning' }, pushed: [] });
    expect(world.run.pullRequest).toBeUndefined();
    expect(world.listWork()).toEqual(['r2-plan-1']);
  });
});
