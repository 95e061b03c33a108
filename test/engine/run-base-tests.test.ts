// The base's tests over the sources of a change, with real git and real processes: which files are whose, and what a change can
// do so that they are not run, or look as if they were.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../src/core/model/run.ts';
import { runBaseTests } from '../../src/engine/run-base-tests.ts';
import { verifyForRun } from '../../src/engine/verify-for-run.ts';
import { openWorkPlace } from '../../src/engine/work-place.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { ready } from '../core/run/place.ts';
import { openProcessSandbox } from '../git/support/process-sandbox.ts';
import { openScene, type Scene } from '../git/support/scene.ts';
import { repository } from '../support/world-of-decisions.ts';

let scene: Scene;
let ports: WorkPorts;
let base: string;
let branches = 0;

const sum = 'test "$(cat sum.txt)" = 4 || { echo "FAIL: $(cat sum.txt)"; exit 1; }\necho "1 passing"\n';
const packageText = (test: string, more = {}) => JSON.stringify({ scripts: { test }, ...more });

beforeAll(async () => {
  scene = await openScene();
  const git: Partial<WorkPorts['git']> = scene.git;
  ports = {
    git,
    artifacts: { putText: async () => 'log' },
    sandboxes: {
      proved: new Map(),
      create: async (spec: { workspace: { path: string } }) =>
        openProcessSandbox(spec.workspace.path, await mkdtemp(join(scene.folder, 'sandbox-'))),
    },
    clock: { now: () => 0 },
    openWorkPlace: (name: string) => openWorkPlace(join(scene.folder, 'work'), name),
    options: { outputBytes: 1_000_000 },
  } as unknown as WorkPorts;
  base = await scene.commit('main', {
    'sum.txt': '4\n',
    'test/sum.test.sh': sum,
    'package.json': packageText('sh test/sum.test.sh', { version: '1' }),
  });
  await scene.fetch('refs/heads/main');
});
afterAll(() => scene.close());

/** As `npm test` would, which not every machine has. */
const script = `sh -c "$(sed 's/.*"test": *"\\([^"]*\\)".*/\\1/;t;d' package.json | head -1)"`;

async function look(
  files: Readonly<Record<string, string | undefined>>,
  { verify = 'sh test/sum.test.sh', code = 0, trees = [] as Run['verifiedTrees'], besides = [] as string[] } = {},
) {
  const branch = `change-${++branches}`;
  const commit = await scene.commit(branch, files);
  await scene.fetch(`refs/heads/${branch}`);
  const { run } = ready();
  const { setup: _, ...policy } = run.policy;
  const report = {
    tree: 'own',
    commands: [
      { command: verify, exit: { kind: 'exited' as const, code }, durationMs: 1, output: '', omittedBytes: 0 },
    ],
  };
  const paths = (await scene.git.diff(scene.repository, base, commit)).changed.flatMap(({ path, from }) =>
    from === undefined ? [path] : [path, from],
  );
  const asked: Run = { ...run, policy: { ...policy, verify: [verify] }, verifiedTrees: trees };
  const place = { home: repository, repository: scene.repository, base, id: branch };
  const { signal } = new AbortController();
  const seen = await runBaseTests(ports, asked, {
    ...{ ref: scene.repository, base, commit, report, verify: [verify], isFresh: false },
    paths: [...paths, ...besides],
    runOn: (one) => verifyForRun(ports, asked, { ...place, commit: one, signal }),
  });
  if (seen === undefined || seen === 'none') return seen;
  if (seen.kind === 'not_run') return seen.why;
  const [command] = seen.report.commands;
  return [command?.exit, command?.output, seen.alone?.passed];
}

const green = [{ kind: 'exited', code: 0 }, '1 passing', undefined];
const red = [{ kind: 'exited', code: 1 }, 'FAIL: 5', undefined];

it('are red on a change that bends or removes the test it breaks', async () => {
  expect(await look({ 'sum.txt': '5\n', 'test/sum.test.sh': 'echo "1 passing"\n' })).toEqual(red);
  expect(await look({ 'sum.txt': '5\n', 'test/sum.test.sh': undefined })).toEqual(red);
  expect(await look({ 'sum.txt': '5\n', 'test/sum.test.sh': undefined, 'test/five.test.sh': sum })).toEqual(red);
});

it('are run by the scripts of the base, whatever the change made of the file that holds them', async () => {
  const verify = script;
  const bent = { 'sum.txt': '5\n', 'package.json': packageText('echo 1 passing', { version: '2' }) };
  expect(await look(bent, { verify })).toEqual(red);
  expect(await look({ 'sum.txt': '5\n', 'package.json': '{' }, { verify })).toEqual(red);
  expect(await look({ 'sum.txt': '5\n', 'package.json': undefined }, { verify })).toEqual(red);
  const fine = { 'a.txt': 'a\n', 'package.json': packageText('echo nothing', { version: '2' }) };
  expect(await look(fine, { verify })).toEqual(green);
});

it('are not run where they are the same, or nothing but tests is changed', async () => {
  expect(await look({ 'sum.txt': '5\n' })).toBe('none');
  expect(await look({ 'test/sum.test.sh': 'exit 0\n', 'test/more.test.sh': 'exit 1\n' })).toBe('none');
  expect(await look({ 'package.json': packageText('sh test/sum.test.sh', { version: '2' }) })).toBe('none');
});

it('say so where they are not run', async () => {
  expect(await look({ 'sum.txt': '5\n', 'test/sum.test.sh': '\n' }, { code: 1 })).toBe('red');
  const many = Array.from({ length: 2_001 }, (_, at) => `test/${at}.test.sh`);
  expect(await look({ 'sum.txt': '5\n' }, { besides: many })).toBe('paths');
  expect(await look({ 'sum.txt': '5\n' }, { besides: ['test/\ufffd.test.sh'] })).toBe('paths');
});

it('are compared with what they told on the base alone', async () => {
  const tree = (await scene.git.treeOf(scene.repository, base)) ?? '';
  const told = { command: 'x', exit: { kind: 'exited' as const, code: 0 }, durationMs: 1, output: '', omittedBytes: 0 };
  const alone = { tree, commands: [{ ...told, tests: { passed: 1, failed: 0, skipped: 0 } }] };
  const change = { 'a.txt': 'a\n', 'test/sum.test.sh': `${sum}# more\n` };
  expect(await look(change, { trees: [alone] })).toEqual([{ kind: 'exited', code: 0 }, '1 passing', 1]);
});
