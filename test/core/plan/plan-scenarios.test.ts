import { describe, expect, it } from 'vitest';
import { evaluateScope } from '../../../src/core/plan/evaluate-scope.ts';
import { renderPlanAdjustment } from '../../../src/core/reply/render-plan-adjustment.ts';
import { batched, complaints, foundation, plan, relation, task } from './plan-support.ts';

describe('scenario 20', () => {
  it.each(['additive', 'uncertain'] as const)('puts an %s pair into different batches', (kind) => {
    const result = batched(plan([task('a'), task('b'), task('c')], [relation(kind, 'b', 'a')]));
    expect(result.batches).toEqual([['a', 'c'], ['b']]);
    expect(result.apart).toEqual([['b', 'a']]);
  });

  it('marks a contradictory pair as conflicted, blocks what waits for it, and runs the rest', () => {
    const tasks = [task('a'), task('b'), task('c', { dependsOn: ['a'] }), task('d', { dependsOn: ['c'] }), task('e')];
    const result = batched(
      plan(tasks, [relation('contradictory', 'a', 'b', '"Drop the flag" against "keep the flag".')]),
    );
    expect(result.batches).toEqual([['e']]);
    expect(result.conflicted).toEqual([
      { task: 'a', with: [{ task: 'b', why: '"Drop the flag" against "keep the flag".' }] },
      { task: 'b', with: [{ task: 'a', why: '"Drop the flag" against "keep the flag".' }] },
    ]);
    expect(result.blocked).toEqual([
      { task: 'c', on: 'a' },
      { task: 'd', on: 'c' },
    ]);
  });

  it('blocks every feature when a foundation is in conflict', () => {
    const tasks = [foundation('base'), task('a'), task('b')];
    const result = batched(
      plan([...tasks, task('fix', { role: 'repair' })], [relation('contradictory', 'base', 'fix')]),
    );
    expect(result.batches).toEqual([]);
    expect(result.blocked).toEqual([
      { task: 'a', on: 'base' },
      { task: 'b', on: 'base' },
    ]);
  });
});

describe('scenario 36', () => {
  it('puts foundations before features that do not name them', () => {
    const result = batched(plan([task('a'), task('b'), foundation('base')]));
    expect(result.batches).toEqual([['base'], ['a', 'b']]);
    expect(result.tasks.map(({ dependsOn }) => dependsOn)).toEqual([['base'], ['base'], []]);
  });

  it('lets a foundation come after a repair that it needs', () => {
    const tasks = [foundation('base', { dependsOn: ['fix'] }), task('fix', { role: 'repair' }), task('a')];
    expect(batched(plan(tasks)).batches).toEqual([['fix'], ['base'], ['a']]);
  });

  it('refuses a foundation that waits for a feature', () => {
    expect(complaints(plan([foundation('base', { dependsOn: ['a'] }), task('a')]))).toEqual([
      'The foundation `base` waits for `a`, but foundations are merged before any feature starts.',
    ]);
  });
});

describe('scenario 37', () => {
  const base = foundation('base', { ownedPaths: ['src/base/**'], contracts: ['src/base/types.ts'] });

  it.each(['src/base/feature/**', 'src/base/types.ts', 'src/**', 'src/*/x.ts'])(
    'refuses a feature that owns %s',
    (path) => {
      expect(complaints(plan([base, task('a', { ownedPaths: [path] })]))).toEqual([
        `The path \`${path}\` of \`a\` reaches into what the foundation \`base\` keeps for itself: choose paths that do not overlap.`,
      ]);
    },
  );

  it('lets a wide pattern cover a contract that is owned by itself, since the scope gate takes it out', () => {
    const narrow = foundation('base', { ownedPaths: ['src/types.ts'], contracts: ['src/types.ts'] });
    expect(batched(plan([narrow, task('a', { ownedPaths: ['src/**'] })])).batches).toEqual([['base'], ['a']]);
  });

  it('lets a feature work where the foundation has no contract', () => {
    const wide = foundation('base', { ownedPaths: ['src/types.ts', 'package.json'], contracts: ['src/types.ts'] });
    expect(batched(plan([wide, task('a', { ownedPaths: ['src/a/**', 'package.json'] })])).batches).toEqual([
      ['base'],
      ['a'],
    ]);
  });
});

describe('scenario 46', () => {
  const fixture = 'test/fixtures/user.json';
  const a = task('a', { ownedPaths: ['src/a/**', fixture] });
  const b = task('b', { ownedPaths: ['src/b/**', `./${fixture}`] });

  it('gives a set-up file that two features want to the foundation, and says so', () => {
    const result = batched(plan([a, b, foundation('base')]));
    expect(result.batches).toEqual([['base'], ['a', 'b']]);
    expect(result.tasks.map(({ ownedPaths }) => ownedPaths)).toEqual([
      ['src/a/**'],
      ['src/b/**'],
      ['src/base/**', fixture],
    ]);
    expect(result.tasks[2]?.contracts).toEqual(['src/base/contract.ts', fixture]);
    expect(result.tasks[2]?.prompt).toContain('- test/fixtures/user.json (needed by a, b)');
    expect(result.adjustments.map(renderPlanAdjustment)).toEqual([
      'The set-up file `test/fixtures/user.json` was wanted by `a`, `b` and now belongs to `base`.',
    ]);
  });

  it('refuses the write of a feature that touches it all the same', () => {
    const { tasks } = batched(plan([a, b, foundation('base')]));
    const [first] = tasks;
    expect(first && evaluateScope([{ path: fixture }], first, tasks)).toEqual({
      kind: 'outside',
      paths: [{ kind: 'foreign_contract', path: fixture, owner: 'base' }],
    });
  });

  it('gives it to the foundation that owns the place already', () => {
    const owner = foundation('fixtures', { ownedPaths: ['test/fixtures/**', 'src/c.ts'], contracts: ['src/c.ts'] });
    const result = batched(plan([a, foundation('base'), owner]));
    expect(result.tasks[2]?.contracts).toEqual(['src/c.ts', fixture]);
    expect(result.tasks[2]?.ownedPaths).toEqual(['test/fixtures/**', 'src/c.ts']);
  });

  it('asks for a foundation when there is none', () => {
    expect(complaints(plan([a, b]))).toEqual([
      'The set-up file `test/fixtures/user.json` is wanted by `a`, `b`: add a foundation task that owns it and declares it as a contract.',
    ]);
  });

  it('does not let a feature that owned nothing else own everything', () => {
    const greedy = task('b', { ownedPaths: [fixture] });
    expect(complaints(plan([a, greedy, foundation('base')]))).toEqual([
      'The task `b` owns nothing but shared set-up files (`test/fixtures/user.json`), which belong to a foundation: give it paths of its own or make it part of the foundation.',
    ]);
  });

  it('leaves a set-up file to the only feature that wants it', () => {
    expect(batched(plan([a, foundation('base')])).adjustments).toEqual([]);
  });
});
