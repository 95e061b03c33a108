// What verifies the result of a merge, with real git and real processes: by the settings that the base branch has at that commit.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import { runVerification } from '../../src/engine/run-verification.ts';
import { openWorkPlace } from '../../src/engine/work-place.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { press } from '../core/run/outcome.ts';
import { ready } from '../core/run/place.ts';
import { credentials } from '../git/support/http-remote.ts';
import { openProcessSandbox } from '../git/support/process-sandbox.ts';
import { openScene, type Scene } from '../git/support/scene.ts';

let scene: Scene;
let ports: WorkPorts;
let start: string;
let head: string;
let organisation: string | undefined;
let isAway = false;
const ran: string[] = [];

const settingsPath = '.github/gatepilot.yml';
const usual =
  'verify: { commands: [test -f a.txt], baseline: false }\nreview: { enabled: false }\nsetup: { commands: [] }\n';

beforeAll(async () => {
  scene = await openScene();
  const home = { owner: 'acme', name: '.github', host: 'github.test', id: 8, installationId: 3 };
  ports = {
    git: scene.git,
    github: {
      toGitUrl: () => scene.repository.url,
      createGitToken: async () => credentials,
      findSibling: async () => {
        if (isAway) throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
        return organisation === undefined ? undefined : home;
      },
      readRepository: async () => ({ defaultBranch: 'main' }),
      readBranch: async () => 'o'.repeat(40),
      readFile: async () => organisation,
      listChanges: async () => [],
    },
    artifacts: { putText: async () => 'log' },
    sandboxes: {
      proved: new Map(),
      create: async (spec: { workspace: { path: string } }) =>
        openProcessSandbox(spec.workspace.path, await mkdtemp(join(scene.folder, 'sandbox-'))),
    },
    clock: { now: () => 0 },
    hash: (text: string) => text,
    openWorkPlace: (name: string) => openWorkPlace(join(scene.folder, 'work'), name),
    options: { outputBytes: 1_000_000, sandboxes: ['bubblewrap'], network: { allow: [], deny: [] } },
  } as unknown as WorkPorts;
  start = await scene.commit('main', { 'a.txt': 'a\n', [settingsPath]: usual });
  head = await scene.commit('change', { 'b.txt': 'b\n' });
});
afterAll(() => scene.close());
beforeEach(() => {
  organisation = undefined;
  isAway = false;
  ran.length = 0;
});

/** A ready run of that head is verified once more. */
async function verify(change: (run: ReturnType<typeof ready>['run']) => void = () => undefined) {
  const world = press(ready(), 'recheck').settle();
  const { action, token } = world.begin('verify');
  const record = structuredClone(world.record);
  const { run } = record;
  if (!run) throw new Error('it is ready');
  const { setup: _, ...policy } = run.policy;
  record.run = {
    ...run,
    base: { branch: 'main', sha: start },
    policy: {
      ...policy,
      verify: ['test -f a.txt'],
      baseTests: 'show',
      setup: { commands: [], timeoutMs: 900_000, network: [] },
    },
    verifiedTrees: [],
  };
  change(record.run);
  const held = { record, action: { ...action, head }, token, signal: new AbortController().signal };
  const outcome = await runVerification(ports, held as never);
  if (outcome.kind !== 'verified') return outcome;
  const { report, touched, policy: others, unclear } = outcome;
  return { ran: report.commands.map(({ command }) => command), touched, policy: others, unclear };
}

it('goes by the settings of the run where the base says the same', async () => {
  expect(await verify()).toEqual({ ran: ['test -f a.txt'], touched: [], policy: undefined, unclear: undefined });
});

it('goes by those that the base has got since the run started, and tells them', async () => {
  const stricter = `${usual.replace('test -f a.txt', 'test -f a.txt, test -f b.txt')}gate: { protected_paths: ["**"] }\n`;
  await scene.commit('main', { [settingsPath]: stricter });
  const seen = await verify((run) => {
    // That it was green by the commands before says nothing.
    run.verifiedTrees = [{ tree: 'any', commands: [] }];
  });
  expect(seen).toMatchObject({
    ran: ['test -f a.txt', 'test -f b.txt'],
    touched: ['b.txt'],
    policy: { verify: ['test -f a.txt', 'test -f b.txt'], protectedPaths: ['**'] },
  });
});

it('goes by those of the organisation where the repository does not say it', async () => {
  await scene.commit('main', { [settingsPath]: usual });
  organisation = 'gate: { protected_paths: ["b*"] }\n';
  expect(await verify()).toMatchObject({ touched: ['b.txt'], policy: { protectedPaths: ['b*'] } });
});

it('does not guess at what is wrong there, and says why', async () => {
  await scene.commit('main', { [settingsPath]: `${usual}gate: { protected_paths: 5 }\n` });
  const seen = await verify();
  expect(seen).toMatchObject({
    ran: ['test -f a.txt'],
    policy: undefined,
    unclear: [expect.stringContaining('expected a list')],
  });
});

it('makes no verdict where it cannot be asked what the organisation says', async () => {
  await scene.commit('main', { [settingsPath]: usual });
  isAway = true;
  expect(await verify()).toMatchObject({ kind: 'failed', cause: { kind: 'infrastructure', system: 'github' } });
});
