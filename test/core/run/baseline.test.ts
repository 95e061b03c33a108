// A base that is red by itself costs no agent, and one that is known to be green is not tried again.
import { describe, expect, it } from 'vitest';
import { anchored, base, comment, integrated, outage, report, sha, treeOf } from './outcome.ts';
import { checkingBaseline } from './place.ts';

const green = { kind: 'checked', commit: base, report: report(treeOf(base)) } as const;
const red = { kind: 'checked', commit: base, report: report(treeOf(base), 1) } as const;

function agents(world: ReturnType<typeof checkingBaseline>): string[] {
  return world.outbox.flatMap(({ action }) => (action.kind === 'attempt' ? [action.task] : []));
}

describe('the base of a run', () => {
  it('is tried before any agent starts', () => {
    const world = checkingBaseline();
    expect(world.outbox.filter(({ action }) => action.kind !== 'present').map(({ action }) => action)).toEqual([
      { kind: 'baseline', id: 'r1-baseline-1', runId: 'r1', commit: base },
    ]);
    expect(agents(world.finish('baseline', green))).toEqual(['a']);
  });

  it('ends the run by name when it is red, without any cost, and says which command it was', () => {
    const world = checkingBaseline();
    const before = world.run.spend;
    world.finish('baseline', red);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'baseline_red', commit: base } });
    expect(world.run.tasks.map(({ attempts }) => attempts)).toEqual([[]]);
    expect(world.run.spend).toEqual(before);
  });

  it('is looked at once more by a resume', () => {
    const world = comment(checkingBaseline().finish('baseline', red), '/pilot resume').settle();
    expect(world.find('baseline')?.action.id).toBe('r1-baseline-2');
    expect(agents(world.finish('baseline', green))).toEqual(['a']);
  });

  it('is waited for while the host is in trouble, and nothing is counted', () => {
    const world = checkingBaseline().finish('baseline', { kind: 'failed', cause: outage });
    expect(world.find('baseline')?.action.id).toBe('r1-baseline-2');
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['pending']);
  });

  it('is not tried where a batch was merged and verified: that is the base of the next one', () => {
    const world = checkingBaseline();
    world.run.tasks.push(...structuredClone(world.run.tasks).map((task) => ({ ...task, key: 'b' })));
    world.run.ahead.push(['b']);
    world.finish('baseline', green).finish('attempt', anchored());
    world.finish('integrate', integrated(['a'], { verify: report(treeOf(sha('1'))) }));
    expect(world.find('baseline')).toBeUndefined();
    expect(agents(world)).toEqual(['b']);
  });

  it('is tried where somebody pushed what nobody here has tried', () => {
    const world = checkingBaseline();
    world.run.integration = { commit: sha('2') };
    world.finish('baseline', green);
    expect(world.find('baseline')?.action).toMatchObject({ commit: sha('2') });
  });

  it('is not asked for where the policy says so', () => {
    const world = checkingBaseline();
    world.run.policy.checksBaseline = false;
    world.finish('baseline', { kind: 'stopped' });
    expect(agents(world)).toEqual(['a']);
  });

  it('keeps nobody waiting who has nothing to start', () => {
    const world = comment(checkingBaseline(), '/pilot finish').settle();
    expect(world.run.state.kind).toBe('stopped');
  });

  it.each(['finish', 'skip a it is not needed'])(
    'is ended when nothing waits for it any more after `%s`',
    (command) => {
      const world = checkingBaseline();
      const holder = world.begin('baseline');
      comment(world, `/pilot ${command}`).settle();
      expect(world.outbox.find(({ action }) => action.kind === 'baseline')?.state).toMatchObject({ cancelled: true });
      world.report(holder, { kind: 'stopped' });
      expect(world.listWork()).toEqual([]);
      expect(world.run.state).not.toMatchObject({ cause: { kind: 'deadline' } });
      expect(['stopped', 'failed']).toContain(world.run.state.kind);
    },
  );
});
