import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateScope } from '../../../src/core/plan/evaluate-scope.ts';
import { normalisePlan } from '../../../src/core/plan/normalise-plan.ts';
import { isAreaOverlap, parseOwnedArea } from '../../../src/core/plan/owned-area.ts';
import { renderPlanAdjustment } from '../../../src/core/plan/planned-batches.ts';
import { acceptablePlan, anyPlan, batched, complaints, foundation, plan, relation, task } from './plan-support.ts';

describe('batches', () => {
  it('holds one task in one batch', () => {
    expect(batched(plan([task('only')])).batches).toEqual([['only']]);
  });

  it('puts independent tasks side by side', () => {
    expect(batched(plan([task('a'), task('b'), task('c')])).batches).toEqual([['a', 'b', 'c']]);
  });

  it('puts a task one batch after the last of what it depends on', () => {
    const tasks = [
      task('d', { dependsOn: ['a', 'c'] }),
      task('a'),
      task('b', { dependsOn: ['a'] }),
      task('c', { dependsOn: ['b'] }),
    ];
    expect(batched(plan(tasks)).batches).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('takes a dependent relation as a dependency', () => {
    const result = batched(plan([task('a'), task('b')], [relation('dependent', 'a', 'b')]));
    expect(result.batches).toEqual([['b'], ['a']]);
    expect(result.tasks[0]?.dependsOn).toEqual(['b']);
  });

  it('believes dependsOn when a dependent relation says the opposite', () => {
    const tasks = [task('a'), task('b', { dependsOn: ['a'] })];
    expect(batched(plan(tasks, [relation('dependent', 'a', 'b')])).batches).toEqual([['a'], ['b']]);
  });

  it('keeps tasks with overlapping paths apart', () => {
    const tasks = [task('a', { ownedPaths: ['src/**/*.ts'] }), task('b', { ownedPaths: ['src/util/**'] }), task('c')];
    expect(batched(plan([...tasks, task('d', { ownedPaths: ['docs/**'] })])).batches).toEqual([
      ['a', 'd'],
      ['b', 'c'],
    ]);
  });

  it('gives a task without paths a batch of its own', () => {
    expect(batched(plan([task('a'), task('b', { ownedPaths: [] }), task('c')])).batches).toEqual([['a', 'c'], ['b']]);
  });
});

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

describe('a plan is rejected', () => {
  it('with every complaint at once', () => {
    const tasks = [
      task('a', { dependsOn: ['b', 'ghost'], contracts: ['src/a/x.ts'] }),
      task('b', { dependsOn: ['a'] }),
      foundation('base', { contracts: [] }),
    ];
    expect(complaints(plan(tasks, [relation('additive', 'a', 'nobody')]), 2)).toMatchInlineSnapshot(`
      [
        "The plan has 3 tasks, and at most 2 are allowed: join the small ones.",
        "The task \`a\` depends on \`ghost\`, which is no task of the plan.",
        "A relation names \`nobody\`, which is no task of the plan.",
        "Tasks wait for each other in a circle: \`a\` → \`b\` → \`a\`. Break it.",
        "The feature \`a\` declares contracts, which only a foundation may: remove them or make it a foundation.",
        "The foundation \`base\` declares no contract: name the files that the other tasks rely on.",
      ]
    `);
  });

  it.each([
    [
      'a task that waits for itself',
      plan([task('a', { dependsOn: ['a'] })]),
      'Tasks wait for each other in a circle: `a` → `a`. Break it.',
    ],
    ['a key given twice', plan([task('a'), task('a')]), 'Two tasks have the key `a`: give each its own.'],
    ['no task at all', plan([]), 'The plan has no task: name at least one.'],
    [
      'a pair of one',
      plan([task('a')], [relation('additive', 'a', 'a')]),
      'A relation pairs `a` with itself: remove it.',
    ],
    [
      'a path outside the repository',
      plan([task('a', { ownedPaths: ['../x'] })]),
      'The path `../x` of `a` leaves its folder with "..".',
    ],
    [
      'a workflow',
      plan([task('a', { ownedPaths: ['.github/workflows/ci.yml'] })]),
      'The path `.github/workflows/ci.yml` of `a` lies in a protected place that no task may change.',
    ],
    [
      'a contract that is a pattern',
      plan([foundation('base', { contracts: ['src/base/*.ts'] })]),
      'The path `src/base/*.ts` of `base` is a pattern, and a contract is one file or folder.',
    ],
    [
      'a contract outside the owned paths',
      plan([foundation('base', { contracts: ['lib/x.ts'] })]),
      'The contract `lib/x.ts` of `base` lies outside its ownedPaths: add it there.',
    ],
    [
      'a contract with two owners',
      plan([
        foundation('base', { ownedPaths: ['src'], contracts: ['src/x.ts'] }),
        foundation('other', { ownedPaths: ['src'], contracts: ['./src/x.ts'] }),
      ]),
      'The contract `./src/x.ts` is declared by both `base` and `other`: give it one owner.',
    ],
    [
      'an amendment of no contract',
      plan([foundation('base'), task('change', { role: 'amendment', ownedPaths: ['src/base/other.ts'] })]),
      'The amendment `change` must own exactly one path, and that path must be a contract of another task.',
    ],
    [
      'an acceptance id given twice',
      plan([task('a', { acceptance: [1, 2].map(() => ({ id: 'x', text: 'y', level: 'must' }) as const) })]),
      'The task `a` has two acceptance items with the id `x`: give each its own.',
    ],
  ])('for %s', (_, input, sentence) => {
    expect(complaints(input)).toContain(sentence);
  });

  it('for more than 30 tasks even when the configuration allows more', () => {
    expect(complaints(plan(Array.from({ length: 31 }, (_, at) => task(`t${at}`))), 99)).toEqual([
      'The plan has 31 tasks, and at most 30 are allowed: join the small ones.',
    ]);
  });

  it('but not for an amendment bound to one contract', () => {
    const change = task('change', { role: 'amendment', ownedPaths: ['src/base/contract.ts'] });
    expect(batched(plan([change, foundation('base')])).batches).toEqual([['base'], ['change']]);
  });
});

describe('for every plan', () => {
  it('the answer is batches or complaints, and the same each time', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 1, max: 12 }), (input, maxTasks) => {
        const before = structuredClone(input);
        const result = normalisePlan(input, { maxTasks });
        expect(normalisePlan(structuredClone(input), { maxTasks })).toEqual(result);
        expect(input).toEqual(before);
        if (result.kind === 'rejected') expect(result.complaints.length).toBeGreaterThan(0);
      }),
    );
  });

  it('planned, conflicted and blocked tasks are all tasks, each exactly once', () => {
    fc.assert(
      fc.property(acceptablePlan, (input) => {
        const { tasks, batches, conflicted, blocked } = batched(input);
        const keys = input.tasks.map(({ key }) => key).sort();
        const accounted = [...batches.flat(), ...[...conflicted, ...blocked].map((entry) => entry.task)];
        expect(accounted.sort()).toEqual(keys);
        expect(tasks.map(({ key }) => key).sort()).toEqual(keys);
        expect(batches.every((batch) => batch.length > 0)).toBe(true);
      }),
    );
  });

  it('every batch comes after what its tasks depend on, and foundations come before features', () => {
    fc.assert(
      fc.property(acceptablePlan, (input) => {
        const { batches, conflicted, blocked } = batched(input);
        const out = new Set([...conflicted, ...blocked].map((entry) => entry.task));
        const place = (key: string) => batches.findIndex((batch) => batch.includes(key));
        const foundations = input.tasks.filter(({ role }) => role === 'foundation').map(({ key }) => key);
        for (const { key, role, dependsOn } of input.tasks.filter((each) => !out.has(each.key))) {
          for (const needed of [...dependsOn, ...(role === 'feature' ? foundations : [])]) {
            expect(out.has(needed)).toBe(false);
            expect(place(needed)).toBeLessThan(place(key));
          }
        }
      }),
    );
  });

  it('no batch holds overlapping paths or partners that must stay apart', () => {
    fc.assert(
      fc.property(acceptablePlan, (input) => {
        const { tasks, batches } = batched(input);
        const pathsOf = (key: string) => parseOwnedArea(tasks.find((each) => each.key === key)?.ownedPaths ?? []);
        for (const batch of batches) {
          for (const [at, a] of batch.entries()) {
            for (const b of batch.slice(at + 1)) {
              expect(isAreaOverlap(pathsOf(a), pathsOf(b))).toBe(false);
              const related = input.relations.filter((each) => [a, b].includes(each.a) && [a, b].includes(each.b));
              expect(related.filter(({ kind }) => kind !== 'independent')).toEqual([]);
            }
          }
        }
      }),
    );
  });
});
