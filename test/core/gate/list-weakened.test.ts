import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listWeakened } from '../../../src/core/gate/list-weakened.ts';
import { parsePatchLines } from '../../../src/core/gate/parse-patch-lines.ts';

interface File {
  readonly path: string;
  readonly from?: string;
  readonly status?: string;
  readonly removed?: readonly string[];
  readonly added?: readonly string[];
}

function patchOf({ path, from = path, status, removed = [], added = [] }: File): string {
  const sides = [status === 'added' ? '/dev/null' : `a/${from}`, status === 'deleted' ? '/dev/null' : `b/${path}`];
  return [
    `diff --git a/${from} b/${path}`,
    `--- ${sides[0]}`,
    `+++ ${sides[1]}`,
    `@@ -1,${removed.length} +1,${added.length} @@`,
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
  ].join('\n');
}

/** Of none of these; list-changed-scripts.test.ts has them. */
const packages = { changed: [], others: [] };

// Spelt apart: a test that is skipped is looked for in these files too.
const [skip, only] = ['skip', 'only'];

function look(file: File, commands: readonly string[] = ['npm test']) {
  const { path, from, status = 'modified' } = file;
  const changed = [{ path, status, ...(from === undefined ? {} : { from }) }];
  return listWeakened({ changed, patch: `${patchOf(file)}\n`, patchIsCut: false, packages }, commands).map(
    ({ kind, detail }) => (detail === undefined ? kind : `${kind} ${detail}`),
  );
}

it.each<[string, File, string[]]>([
  ['a test file is deleted', { path: 'test/a.test.ts', status: 'deleted', removed: ["it('a', f);"] }, ['test_removed']],
  [
    'a test file becomes another file',
    { path: 'src/a.ts', from: 'src/a.spec.ts', status: 'renamed' },
    ['test_removed'],
  ],
  [
    'a test gets a name that no runner looks for',
    { path: 'test/a.test.ts.off', from: 'test/a.test.ts', status: 'renamed' },
    ['test_removed'],
  ],
  ['a test becomes a link', { path: 'a.test.ts', status: 'type_changed', removed: ["it('a', f);"] }, ['test_removed']],
  ['what is written of a part of the product is gone', { path: 'docs/spec/a.md', status: 'deleted' }, []],
  ['it is put in other words', { path: 'docs/spec/a.md', removed: ['It should expect(that).'] }, []],
  ['a picture beside tests is gone', { path: 'test/a.png', status: 'deleted' }, []],
  ['a test without a name for it is gone', { path: 'tests/sums.py', status: 'deleted' }, ['test_removed']],
  ['a feature is gone', { path: 'spec/sums.feature', status: 'deleted' }, ['test_removed']],
  [
    'a test in a folder of tests becomes a text',
    { path: 'tests/sums.txt', from: 'tests/sums.py', status: 'renamed' },
    ['test_removed'],
  ],
  ['a test file moves', { path: 'test/b.test.ts', from: 'test/a.test.ts', status: 'renamed' }, []],
  ['a test is gone', { path: 'a_test.go', removed: ['func TestA(t *testing.T) {', '}'] }, ['tests_fewer 1']],
  [
    'a test is put in other words',
    { path: 'a.test.ts', removed: ["it('a', f);"], added: ["it('b', f);", "it('c', f);"] },
    [],
  ],
  [
    'a test is skipped',
    { path: 'a.test.ts', removed: ["it('a', f);"], added: [`it.${skip}('a', f);`] },
    [`test_skipped it.${skip}('a', f);`],
  ],
  [
    'one alone runs',
    { path: 'a.test.ts', added: [`describe.${only}('a', f);`] },
    [`test_skipped describe.${only}('a', f);`],
  ],
  [
    'a python test is skipped',
    { path: 'tests/test_a.py', added: ['@pytest.mark.skip'] },
    ['test_skipped @pytest.mark.skip'],
  ],
  [
    'a python test is skipped on a condition',
    { path: 'tests/test_a.py', added: ['pytestmark = pytest.mark.skipif(True)'] },
    ['test_skipped pytestmark = pytest.mark.skipif(True)'],
  ],
  [
    'a test is skipped by an option',
    { path: 'a.test.ts', added: [`test('a', { ${skip}: true }, f);`], removed: ["test('a', f);"] },
    [`test_skipped test('a', { ${skip}: true }, f);`],
  ],
  [
    'a test is put into a comment',
    { path: 'a.test.ts', removed: ["it('a', f);"], added: ["// it('a', f);"] },
    ['tests_fewer 1'],
  ],
  [
    'one alone runs, behind a comment that ends before it',
    { path: 'a.test.ts', added: [`/**/ it.${only}('a', f);`] },
    [`test_skipped /**/ it.${only}('a', f);`],
  ],
  [
    'one alone runs, behind the end of a comment',
    { path: 'a.test.ts', added: [` */ it.${only}('a', f);`] },
    [`test_skipped */ it.${only}('a', f);`],
  ],
  [
    'one alone runs, as a part of a product',
    { path: 'a.test.ts', added: [` * it.${only}('a', f);`] },
    [`test_skipped * it.${only}('a', f);`],
  ],
  [
    'a python test is skipped, as a number',
    { path: 'test_a.py', added: [`--pytest.${skip}('a')`] },
    [`test_skipped --pytest.${skip}('a')`],
  ],
  ['a skip is told of', { path: 'a.test.ts', added: [`/* a */ // it.${skip}`, `/* it.${skip}`] }, []],
  ['a python skip is told of', { path: 'test_a.py', added: [`# pytest.${skip}('a')`] }, []],
  [
    'a skip takes the place of what was said of one',
    { path: 'a.test.ts', removed: [` * it.${skip}('a')`], added: [`it.${skip}('a', f);`] },
    [`test_skipped it.${skip}('a', f);`],
  ],
  ['a skip is taken away', { path: 'a.test.ts', removed: [`it.${skip}('a', f);`], added: ["it('a', f);"] }, []],
  [
    'less is asserted',
    { path: 'a.test.ts', removed: ['expect(a).toBe(1);', 'expect(b).toBe(2);'], added: ['expect(a);'] },
    ['assertions_fewer 1'],
  ],
  ['tests are added', { path: 'a.test.ts', status: 'added', added: ["it('a', () => expect(1).toBe(1));"] }, []],
  [
    'a threshold is lowered',
    { path: 'vitest.config.ts', removed: ['  branches: 90,'], added: ['  branches: 80,'] },
    ['threshold_lowered branches: 90,'],
  ],
  [
    'a threshold is gone',
    { path: 'pyproject.toml', removed: ['fail_under = 90'] },
    ['threshold_lowered fail_under = 90'],
  ],
  [
    'one of several thresholds in a line is lowered',
    {
      path: 'jest.config.js',
      removed: ['  global: { branches: 90, lines: 90 },'],
      added: ['  global: { branches: 90, lines: 10 },'],
    },
    ['threshold_lowered global: { branches: 90, lines: 90 },'],
  ],
  [
    'which tests are run is changed',
    { path: 'pyproject.toml', added: ['addopts = "-k nothing"'] },
    ['selection_changed addopts = "-k nothing"'],
  ],
  [
    'tests are left out',
    { path: 'vitest.config.ts', added: ["    exclude: ['test/a.test.ts'],"] },
    ["selection_changed exclude: ['test/a.test.ts'],"],
  ],
  [
    'pytest leaves tests out',
    { path: 'tests/conftest.py', added: ['collect_ignore_glob = ["test_*.py"]'] },
    ['selection_changed collect_ignore_glob = ["test_*.py"]'],
  ],
  [
    'pytest leaves tests out where it was told nothing before',
    { path: 'conftest.py', status: 'added', added: ['import os', 'collect_ignore = ["tests"]'] },
    ['selection_changed collect_ignore = ["tests"]'],
  ],
  [
    'pytest is told by a function which tests there are',
    { path: 'conftest.py', added: ['def pytest_collection_modifyitems(items):', '    items.clear()'] },
    ['selection_changed def pytest_collection_modifyitems(items):'],
  ],
  ['pytest is given a fixture', { path: 'conftest.py', added: ['@pytest.fixture'] }, []],
  ['a package leaves out what is no test', { path: 'pyproject.toml', added: ['exclude = ["docs"]'] }, []],
  ['a threshold is raised', { path: 'vitest.config.ts', removed: ['  branches: 80,'], added: ['  branches: 90,'] }, []],
  ['the pipeline is changed', { path: '.github/workflows/ci.yml', added: ['on: []'] }, ['pipeline_changed']],
  ['a dependency is changed', { path: 'package.json', removed: ['    "zod": "1",'], added: ['    "zod": "2",'] }, []],
  ['source is changed', { path: 'src/a.ts', removed: ["it('is no test', f);"] }, []],
])('%s', (_, file, expected) => {
  expect(look(file)).toEqual(expected);
});

it('a script that a verify command names is one of its checks, also one that is removed', () => {
  expect(look({ path: 'check.sh', added: ['exit 0'] }, ['sh ./check.sh --all'])).toEqual(['command_changed']);
  expect(look({ path: 'check.sh', status: 'deleted' }, ['sh check.sh'])).toEqual(['command_changed']);
  expect(look({ path: 'check.sh', status: 'added' }, ['sh check.sh'])).toEqual([]);
  expect(look({ path: 'Makefile', added: ['\ttrue'] }, ['make -s test'])).toEqual(['command_changed']);
  expect(look({ path: 'Makefile', added: ['\ttrue'] }, ['npm test'])).toEqual([]);
  expect(look({ path: 'other.sh', added: ['exit 0'] }, ['sh check.sh'])).toEqual([]);
});

it('a script is named from the folder in which a command works', () => {
  const run = (path: string, command: string) => look({ path, added: ['true'] }, [command]);
  for (const command of ['cd sub && ./run.sh', '(cd sub; sh run.sh)', 'pushd ./sub/ && ../sub/run.sh', 'sh sub/run.sh'])
    expect(run('sub/run.sh', command), command).toEqual(['command_changed']);
  expect(run('a/b/run.sh', 'cd a && cd b && ./run.sh')).toEqual(['command_changed']);
  expect(run('run.sh', 'cd sub && ../run.sh')).toEqual(['command_changed']);
  expect(run('sub/Makefile', 'make -C sub test')).toEqual(['command_changed']);
  expect(run('sub/Makefile', 'make --directory=sub test')).toEqual(['command_changed']);
  expect(run('other/run.sh', 'cd sub && ./run.sh')).toEqual([]);
  expect(run('other/Makefile', 'make -C sub test')).toEqual([]);
});

it('lines that look like the head of a file, or say something about line ends, are lines', () => {
  const patch = [
    '--- a/a.txt',
    '+++ b/a.txt',
    '@@ -1,2 +1,2 @@',
    '--- x',
    '+++ y',
    ' z',
    '\\ No newline at end of file',
  ];
  expect(parsePatchLines(patch.join('\n')).get('a.txt')).toEqual({ removed: ['-- x'], added: ['++ y'] });
});

/** Of a file that git shows no lines of. */
const bare = (path: string, status: string, patch: string, patchIsCut = false, from?: string) =>
  listWeakened(
    { changed: [{ path, status, ...(from === undefined ? {} : { from }) }], patch, patchIsCut, packages },
    [],
  ).map(({ kind }) => kind);

it('a test whose change shows no lines is told, and one that only moved is not', () => {
  const binary = 'diff --git a/a.test.ts b/a.test.ts\nBinary files a/a.test.ts and b/a.test.ts differ\n';
  expect(bare('a.test.ts', 'modified', binary)).toEqual(['unread']);
  expect(bare('test/picture.png', 'modified', binary)).toEqual([]);
  expect(bare('new.test.ts', 'added', binary)).toEqual([]);
  const moved = (similarity: number) => `similarity index ${similarity}%\nrename from a.test.ts\nrename to b.test.ts\n`;
  expect(bare('b.test.ts', 'renamed', moved(100), false, 'a.test.ts')).toEqual([]);
  expect(bare('b.test.ts', 'renamed', moved(99), false, 'a.test.ts')).toEqual(['unread']);
});

it('what a cut leaves out of the change is told', () => {
  const whole = patchOf({ path: 'a.test.ts', removed: ["it('a', f);"], added: ["it('b', f);"] });
  expect(bare('a.test.ts', 'modified', `${whole}\n`)).toEqual([]);
  expect(bare('a.test.ts', 'modified', whole.slice(0, -4), true)).toEqual(['unread']);
  expect(bare('z.test.ts', 'modified', whole, true)).toEqual(['unread']);
});

it('a line as long as it likes is looked through in time, and a secret in it is not quoted', () => {
  for (const piece of ['it.', 'it.a', 'test ', 'expect  ', 'lines: 1 ', '"'])
    look({ path: 'a.test.ts', added: [piece.repeat(1_000_000 / piece.length)] });
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const [told] = look({ path: 'a.test.ts', added: [`it.${skip}('${secret}', f);`] });
  expect(told).toContain('test_skipped');
  expect(told).not.toContain(secret);
});

it('what git shows twice under one name is one file', () => {
  const [gone, fresh] = [
    { path: 'a.sh', status: 'deleted', removed: ['one'] },
    { path: 'a.sh', status: 'added', added: ['two'] },
  ];
  expect(parsePatchLines([gone, fresh].map(patchOf).join('\n')).get('a.sh')).toEqual({
    removed: ['one'],
    added: ['two'],
  });
});

it('names that git quotes are the names that they are', () => {
  const patch = ['--- "a/t/q\\"x\\\\é.test.ts"', '+++ "b/t/q\\"x\\\\é.test.ts"', '@@ -1 +0,0 @@', '-a', ''];
  expect([...parsePatchLines(patch.join('\n')).keys()]).toEqual(['t/q"x\\é.test.ts']);
  const control = ['--- "a/t\\tb \\001.ts"\t', '+++ "b/t\\tb \\001.ts"\t', '@@ -1 +0,0 @@', '-a', ''];
  expect([...parsePatchLines(control.join('\n')).keys()]).toEqual(['t\tb \u0001.ts']);
});

it('of many the graver ones come first, so that no flood hides them', () => {
  const flood = Array.from({ length: 60 }, (_, at) => ({ path: `a${at}.test.ts`, status: 'modified' }));
  const changed = [...flood, { path: '.github/workflows/ci.yml', status: 'modified' }];
  const found = listWeakened({ changed, patch: '', patchIsCut: true, packages }, []);
  expect(found).toHaveLength(50);
  expect(found[0]).toEqual({ kind: 'pipeline_changed', path: '.github/workflows/ci.yml' });
});

it('each kind has its share of the list, so that no flood hides another one', () => {
  const flood = Array.from({ length: 60 }, (_, at) => ({ path: `.github/workflows/${at}.yml`, status: 'added' }));
  const changed = [...flood, { path: 'a.test.ts', status: 'deleted' }, { path: 'b.test.ts', status: 'modified' }];
  const found = listWeakened({ changed, patch: '', patchIsCut: false, packages }, []);
  expect(found.map(({ kind }) => kind)).toEqual([
    ...flood.slice(0, 48).map(() => 'pipeline_changed'),
    'test_removed',
    'unread',
  ]);
});

describe('the lines of a patch', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
    fc.constantFrom(
      '-- a/x',
      '++ b/x',
      '@ -1 +1 @@',
      '@@ -1,9 +1,9 @@',
      'diff --git a/x b/x',
      '\\ No',
      'rename to x',
      '',
    ),
  );
  const file = fc.record({
    path: fc.constantFrom('a.test.ts', 'b c.ts', 'd/e.py'),
    removed: fc.array(line, { maxLength: 5 }),
    added: fc.array(line, { maxLength: 5 }),
  });
  const files = fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1 });

  it('are those that were taken away and added, whatever they look like', () => {
    fc.assert(
      fc.property(files, (some) => {
        const found = parsePatchLines(`${some.map(patchOf).join('\n')}\n`);
        for (const { path, removed, added } of some) expect(found.get(path)).toEqual({ removed, added });
        expect(found.size).toBe(some.length);
      }),
    );
  });

  it('never hide that a test is gone, and what is only added takes nothing away', () => {
    fc.assert(
      fc.property(files, line, (some, text) => {
        const gone = { path: 'gone.test.ts', status: 'deleted', removed: [text] };
        const changed = [...some.map(({ path }) => ({ path, status: 'modified' })), gone];
        const patch = `${[...some, gone].map(patchOf).join('\n')}\n`;
        const found = listWeakened({ changed, patch, patchIsCut: false, packages }, []);
        expect(found).toContainEqual({ kind: 'test_removed', path: 'gone.test.ts' });
        const fresh = { path: 'new.test.ts', status: 'added', added: ["it('a', () => expect(1).toBe(1));"] };
        const more = { changed: [fresh], patch: `${patchOf(fresh)}\n`, patchIsCut: false, packages };
        expect(listWeakened(more, [])).toEqual([]);
      }),
    );
  });
});
