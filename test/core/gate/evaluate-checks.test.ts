import { describe, expect, it } from 'vitest';
import { areBaseTestsToPass } from '../../../src/core/gate/evaluate-checks.ts';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { findFewerPass } from '../../../src/core/gate/find-fewer-pass.ts';
import type { BaseTests } from '../../../src/core/model/result.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { CheckPolicy } from '../../../src/core/model/weakening.ts';
import { renderWeakening } from '../../../src/core/reply/render-checks.ts';
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

  it('asks nobody twice for a pipeline on a protected path, and blocks it where the settings want that', () => {
    const path = '.github/workflows/ci.yml';
    const weakened = [{ kind: 'pipeline_changed' as const, path }];
    const state = (policy: CheckPolicy, touched: string[]) =>
      part(offered({ weakened: policy }, { weakened, touched }).run, 'weakened checks')?.state;
    expect(state('ask', [path])).toBeUndefined();
    expect(state('ask', [])).toEqual({ kind: 'closed', conclusion: 'action_required' });
    expect(state('block', [path])).toEqual({ kind: 'closed', conclusion: 'failure' });
  });

  it('of so many that some may be missing asks for all, protected or not', () => {
    const weakened = Array.from({ length: 50 }, (_, at) => ({
      kind: 'pipeline_changed' as const,
      path: `.github/workflows/${at}.yml`,
    }));
    const asked = (count: number) => {
      const seen = weakened.slice(0, count);
      const touched = seen.map(({ path }) => path);
      return part(offered({ weakened: 'ask' }, { weakened: seen, touched }).run, 'weakened checks')?.state.kind;
    };
    expect([asked(49), asked(50)]).toEqual([undefined, 'closed']);
  });

  it('is shown with some of each kind', () => {
    const flood = Array.from({ length: 40 }, (_, at) => ({
      kind: 'pipeline_changed' as const,
      path: `Jenkinsfile${at}`,
    }));
    const shown = renderSticky(offered({ weakened: 'show' }, { weakened: [...flood, ...removed] }).run, 9);
    expect(shown).toContain('- tests are removed in `test/a.test.ts`\n- and 21 more');
  });

  it('is no part of the gate where nothing is taken, nor of a run that is older than that', () => {
    expect(part(offered({ weakened: 'ask' }, {}).run, 'weakened checks')).toBeUndefined();
    const older = offered({}, { weakened: removed });
    delete older.run.policy.weakened;
    expect(part(older.run, 'weakened checks')).toBeUndefined();
  });
});

describe("the base's tests", () => {
  const red = { kind: 'ran' as const, report: report('tree', 1), paths: ['test/a.test.ts'] };

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

  const count = (passed: number) => ({ passed, failed: 0, skipped: 0 });
  const counted = (passed: number) => ({
    tree: 'tree',
    commands: report('tree').commands.map((command) => ({ ...command, tests: count(passed) })),
  });
  const because = (seen: BaseTests, policy: Run['policy']['baseTests'] = 'ask') => {
    const world = offered({ baseTests: policy ?? 'ask' }, { baseTests: seen });
    const { state, because: why } = part(world.run, 'base tests') ?? {};
    return `${state?.kind}: ${why}`;
  };
  const ran = { kind: 'ran' as const, paths: ['test/a.test.ts'] };

  it('are doubted where fewer of them pass than on the base alone, or none is told', () => {
    expect(because({ ...ran, report: counted(7), alone: count(7) })).toBe(
      "open: The base's tests pass on what would be merged, 7 by what they print, 7 on the base alone. That is evidence, and no proof.",
    );
    expect(because({ ...ran, report: counted(6), alone: count(7) })).toContain(
      "closed: The base's tests exit with 0 on what would be merged, but only 6 are told to pass there, and 7 on the base alone.",
    );
    expect(because({ ...ran, report: report('tree'), alone: count(7) })).toContain('closed: ');
  });

  it('that crash, hang or do not run at all are no success', () => {
    const [command] = report('tree').commands;
    if (!command) throw new Error('a report has a command');
    const ended = (exit: typeof command.exit) => ({
      ...ran,
      report: { tree: 'tree', commands: [{ ...command, exit }] },
    });
    expect(because(ended({ kind: 'signalled', signal: 'SIGSEGV' }))).toContain("closed: The base's tests fail");
    expect(because(ended({ kind: 'killed', reason: 'wall' }))).toContain('ran out of time');
    expect(because({ ...ran, report: { tree: 'tree', commands: [] } })).toContain('closed: ');
    expect(because({ kind: 'not_run', why: 'red', paths: [] })).toContain("closed: The base's tests were not run");
    expect(because({ kind: 'not_run', why: 'paths', paths: [] }, 'show')).toContain('open: ');
    const shown = offered({ baseTests: 'show' }, { baseTests: { kind: 'not_run', why: 'paths', paths: ['test/a'] } });
    expect(renderSticky(shown.run, 9)).toContain("**The base's tests were not run** on what would be merged");
  });
});

it('fewer tests that pass than on the base alone are told, where the change is green', () => {
  const printed = (passed?: number, code = 0) => ({
    tree: 'tree',
    commands: report('tree', code).commands.map((command) =>
      passed === undefined ? command : { ...command, tests: { passed, failed: 0, skipped: 0 } },
    ),
  });
  const fewer = { kind: 'fewer_pass', path: '', detail: '0 instead of 3' } as const;
  expect(findFewerPass(printed(), printed(3))).toEqual([fewer]);
  expect([
    ...findFewerPass(printed(3), printed(3)),
    ...findFewerPass(printed(), printed()),
    ...findFewerPass(printed(1), undefined),
    ...findFewerPass(printed(1, 1), printed(3)),
  ]).toEqual([]);
  expect(renderWeakening(fewer)).toBe('fewer tests pass than on the base alone, by what is printed: `0 instead of 3`');
});

it('have to pass once more on what the merge queue puts a change on where they passed on its own base, and can shut anything', () => {
  const ran = (code: number): BaseTests => ({ kind: 'ran', report: report('x', code), paths: [] });
  const passed = offered({}, { baseTests: ran(0) }).run;
  expect(
    (['off', 'show', 'ask', 'block', undefined] as const).map((policy) => areBaseTestsToPass(passed, policy)),
  ).toEqual([false, false, true, true, false]);
  // A maintainer let these through, or there were none to run.
  for (const baseTests of [ran(1), { kind: 'not_run' as const, why: 'paths' as const, paths: [] }, undefined])
    expect(areBaseTestsToPass(offered({}, baseTests ? { baseTests } : {}).run, 'block')).toBe(false);
});
