import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { comment, report } from '../run/outcome.ts';
import { ready } from '../run/place.ts';

const otto = { actor: { id: 3, login: 'otto', kind: 'person' } } as const;

function offered(policy: Partial<Run['policy']>, seen: Partial<NonNullable<Run['verification']>>) {
  const world = ready();
  const { run } = world.record;
  if (run?.verification) {
    Object.assign(run.policy, policy);
    Object.assign(run.verification, seen);
  }
  return world;
}

const removed = [{ kind: 'test_removed' as const, path: 'test/a.test.ts' }];
const part = (run: Run, name: string) => evaluateGate(run).parts.find(({ gate }) => gate === name);

describe('what a change takes from its checks', () => {
  it('is shown, waits for a maintainer, or shuts the gate, as the settings want it', () => {
    const states = (['show', 'ask', 'block'] as const).map(
      (weakened) => part(offered({ weakened }, { weakened: removed }).run, 'weakened checks')?.state,
    );
    expect(states).toEqual([
      { kind: 'open' },
      { kind: 'closed', conclusion: 'action_required' },
      { kind: 'closed', conclusion: 'failure' },
    ]);
    const { run } = offered({ weakened: 'show' }, { weakened: removed });
    expect(renderSticky(run, 9)).toContain('- tests are removed in `test/a.test.ts`');
  });

  it('is let through by a maintainer where it waits for one, and by nobody where the settings block it', () => {
    const override = `/pilot override weakened-checks ${'1'.repeat(40)} They went with what they tested.`;
    const asked = comment(offered({ weakened: 'ask' }, { weakened: removed }), override, otto).settle();
    expect(evaluateGate(asked.run).state.kind).toBe('open');
    const blocked = comment(offered({ weakened: 'block' }, { weakened: removed }), override, otto).settle();
    expect(evaluateGate(blocked.run).state.kind).toBe('closed');
  });

  it('is no part of the gate where nothing is taken, nor of a run that is older than that', () => {
    expect(part(offered({ weakened: 'ask' }, {}).run, 'weakened checks')).toBeUndefined();
    const older = offered({}, { weakened: removed });
    delete older.run.policy.weakened;
    expect(part(older.run, 'weakened checks')).toBeUndefined();
  });
});

describe("the base's tests", () => {
  const red = { report: report('tree', 1), paths: ['test/a.test.ts'] };

  it('are told where they pass, and where they fail as the settings want it', () => {
    const told = (baseTests: NonNullable<Run['policy']['baseTests']>, code: number) =>
      part(offered({ baseTests }, { baseTests: { ...red, report: report('tree', code) } }).run, 'base tests')?.state;
    expect(told('block', 0)).toEqual({ kind: 'open' });
    expect(told('show', 1)).toEqual({ kind: 'open' });
    expect(told('ask', 1)).toEqual({ kind: 'closed', conclusion: 'action_required' });
    expect(told('block', 1)).toEqual({ kind: 'closed', conclusion: 'failure' });
    expect(told('off', 1)).toBeUndefined();
  });

  it('are called evidence wherever they are shown', () => {
    const shown = renderSticky(offered({ baseTests: 'show' }, { baseTests: red }).run, 9);
    expect(shown).toContain("**The base's tests on what would be merged** (as the base has them: `test/a.test.ts`)");
    expect(shown).toContain('evidence and no proof');
  });
});
