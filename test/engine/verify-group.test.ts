// The commit of a merge queue, with real git and real processes: the tests of what it stands on are run over it where they have to
// pass, and nothing else is.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGroup } from '../../src/core/model/group.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { verifyGroup } from '../../src/engine/verify-group.ts';
import { openWorkPlace } from '../../src/engine/work-place.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { openProcessSandbox } from '../git/support/process-sandbox.ts';
import { openScene, type Scene } from '../git/support/scene.ts';
import { repository } from '../support/world-of-decisions.ts';

let scene: Scene;
let ports: WorkPorts;
let base: string;
let sandboxes: number;

const sum = 'test "$(cat sum.txt)" = 4 || { echo "FAIL: $(cat sum.txt)"; exit 1; }\n';

beforeAll(async () => {
  scene = await openScene();
  ports = {
    git: scene.git,
    github: { toGitUrl: () => scene.repository.url },
    hash: (text: string) => text,
    artifacts: { putText: async () => 'log' },
    sandboxes: {
      create: async (spec: { workspace: { path: string } }) => {
        sandboxes += 1;
        return openProcessSandbox(spec.workspace.path, await mkdtemp(join(scene.folder, 'sandbox-')));
      },
    },
    clock: { now: () => 0 },
    openWorkPlace: (name: string) => openWorkPlace(join(scene.folder, 'work'), name),
    options: { outputBytes: 1_000_000 },
  } as unknown as WorkPorts;
  base = await scene.commit('main', { 'sum.txt': '4\n', 'test/sum.test.sh': sum });
  await scene.fetch('refs/heads/main');
});
afterAll(() => scene.close());

async function verify(branch: string, files: Readonly<Record<string, string>>, needsBaseTests: boolean) {
  sandboxes = 0;
  const head = await scene.commit(branch, files);
  await scene.fetch(`refs/heads/${branch}`);
  // The mirror of the scene.
  const home = { ...repository, host: 'example.com', id: 7 };
  const record = openGroup(home, { head, ref: 'queue', branch: 'main', base, number: 9 }, 0);
  const settings = {
    ...{ verify: ['sh test/sum.test.sh'], verifyTimeoutMs: 60_000, mistakes: [] },
    sandbox: { memoryMb: 1, diskMb: 1, processes: 1, cpuMinutes: 1 },
  };
  const tree = (await scene.git.treeOf(scene.repository, head)) ?? '';
  record.reading = { tree, settings, parts: [], needsVerification: true, number: 1, needsBaseTests };
  const { signal } = new AbortController();
  const held = { record, signal, token: 't', action: { kind: 'verify_group', id: 'verify-1' } };
  const outcome = await verifyGroup(ports, held as never as Held<'verify_group'>);
  if (outcome.kind !== 'verified') throw new Error(JSON.stringify(outcome));
  const codes = (of: typeof outcome.report | undefined) =>
    of?.commands.map(({ exit }) => (exit.kind === 'exited' ? exit.code : exit.kind));
  const { baseTests } = outcome;
  return [codes(outcome.report), baseTests?.kind === 'ran' ? codes(baseTests.report) : baseTests?.kind, sandboxes];
}

const bent = { 'sum.txt': '5\n', 'test/sum.test.sh': 'exit 0\n' };

it('runs the tests of what it stands on where they have to pass', async () => {
  expect(await verify('bent', bent, true)).toEqual([[0], [1], 2]);
  expect(await verify('fine', { 'a.txt': 'a\n', 'test/sum.test.sh': `${sum}# more\n` }, true)).toEqual([[0], [0], 2]);
});

it('runs nothing besides where they have not to, are the same, or it is red by itself', async () => {
  expect(await verify('unasked', bent, false)).toEqual([[0], undefined, 1]);
  expect(await verify('same', { 'a.txt': 'a\n' }, true)).toEqual([[0], undefined, 1]);
  expect(await verify('red', { 'sum.txt': '5\n', 'test/sum.test.sh': `${sum}# more\n` }, true)).toEqual([
    [1],
    undefined,
    1,
  ]);
});
