import { expect, it } from 'vitest';
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

// Spelt apart: a test that is skipped is looked for in these files too.
const [skip, only] = ['skip', 'only'];

function look(file: File, commands: readonly string[] = ['npm test']) {
  const { path, from, status = 'modified' } = file;
  const changed = [{ path, status, ...(from === undefined ? {} : { from }) }];
  return listWeakened({ changed, patch: `${patchOf(file)}\n` }, commands).map(({ kind, detail }) =>
    detail === undefined ? kind : `${kind} ${detail}`,
  );
}

it.each<[string, File, string[]]>([
  ['a test file is deleted', { path: 'test/a.test.ts', status: 'deleted', removed: ["it('a', f);"] }, ['test_removed']],
  [
    'a test file becomes another file',
    { path: 'src/a.ts', from: 'src/a.spec.ts', status: 'renamed' },
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
  ['a threshold is raised', { path: 'vitest.config.ts', removed: ['  branches: 80,'], added: ['  branches: 90,'] }, []],
  ['the pipeline is changed', { path: '.github/workflows/ci.yml', added: ['on: []'] }, ['pipeline_changed']],
  [
    'what npm test runs is changed',
    { path: 'package.json', removed: ['    "test": "vitest run",'], added: ['    "test": "true",'] },
    ['command_changed "test": "vitest run",'],
  ],
  ['a dependency is changed', { path: 'package.json', removed: ['    "zod": "1",'], added: ['    "zod": "2",'] }, []],
  ['source is changed', { path: 'src/a.ts', removed: ["it('is no test', f);"] }, []],
])('%s', (_, file, expected) => {
  expect(look(file)).toEqual(expected);
});

it('a script that a verify command names is one of its checks, also one that is removed', () => {
  expect(look({ path: 'check.sh', added: ['exit 0'] }, ['sh ./check.sh --all'])).toEqual(['command_changed']);
  expect(look({ path: 'check.sh', status: 'deleted' }, ['sh check.sh'])).toEqual(['command_changed']);
  expect(look({ path: 'check.sh', status: 'added' }, ['sh check.sh'])).toEqual([]);
  expect(look({ path: 'other.sh', added: ['exit 0'] }, ['sh check.sh'])).toEqual([]);
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
