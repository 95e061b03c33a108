import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisePlan } from '../../../src/core/plan/normalise-plan.ts';
import { isAreaOverlap, parseOwnedArea } from '../../../src/core/plan/owned-area.ts';
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
