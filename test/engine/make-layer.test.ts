// A set-up in the real sandbox: all of its commands share one limit of time, what ends from outside is no answer about the
// machine, and what it makes does not fill memory.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NetworkReport } from '../../src/core/model/network-report.ts';
import { type RunningEgress, startEgress } from '../../src/egress/start-egress.ts';
import { makeLayer, type SetupPlan } from '../../src/engine/make-layer.ts';
import type { RepositoryRef } from '../../src/engine/port/git.ts';
import { SetupFailed } from '../../src/engine/setup-failed.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { systemClock } from '../../src/process/system-clock.ts';
import { createBubblewrapProvider } from '../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { openScene, type Scene } from '../git/support/scene.ts';
import { readMachineTools } from '../prerequisite/machine-tools.ts';
import { quiet } from '../support/quiet.ts';

const mebibyte = 1024 * 1024;
let scene: Scene;
let ports: WorkPorts;
let count = 0;
let egress: RunningEgress;
/** Of the newest that was made. */
let network: NetworkReport | undefined;

beforeAll(async () => {
  scene = await openScene();
  await chmod(scene.folder, 0o711);
  const { bubblewrap: tools } = await readMachineTools('bubblewrap');
  const stateFolder = join(scene.folder, 'sandbox-state');
  egress = await startEgress({ folder: join(scene.folder, 'ways'), permit: { allow: [], deny: [] } });
  ports = {
    git: {
      checkout: async (_: RepositoryRef, commit: string, folder: string) => {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'commit'), commit);
      },
    },
    artifacts: { putText: async () => 'log' },
    sandboxes: await createBubblewrapProvider({ tools, stateFolder, nodePath: process.execPath }),
    egress,
    clock: systemClock,
    log: quiet,
  } as unknown as WorkPorts;
});
afterAll(async () => {
  await egress.stop();
  await scene.close();
});

async function make(steps: SetupPlan['steps'], { timeoutMs = 60_000, signal = new AbortController().signal } = {}) {
  count += 1;
  const root = join(scene.folder, `draft-${count}`);
  const draft = { folder: join(root, 'tree'), workspace: join(root, 'workspace') };
  await mkdir(join(draft.folder, 'node_modules'), { recursive: true });
  network = await makeLayer(ports, {
    draft,
    plan: { source: 'settings', steps, hosts: [], named: [], timeoutMs },
    repository: { key: 'github.com/1' } as RepositoryRef,
    base: 'b'.repeat(40),
    key: `k${count}`,
    place: {
      provider: undefined,
      limits: {
        ...{ memoryBytes: 128 * mebibyte, diskBytes: 512 * mebibyte },
        ...{ pids: 64, cpuSeconds: 60, outputBytes: mebibyte },
      },
    },
    signal,
  });
  return draft.folder;
}

it('leaves what its commands put there, made of the base branch', async () => {
  const folder = await make([{ commands: ['mkdir "$GATEPILOT_DEPS/bin"', 'cp commit "$GATEPILOT_DEPS/bin/base"'] }]);
  expect(await readdir(join(folder, 'bin'))).toEqual(['base']);
});

it('has one limit of time for all of its commands', async () => {
  const commands = ['sleep 2', 'sleep 2', 'sleep 2', 'sleep 2'];
  await expect(make([{ commands }], { timeoutMs: 5_000 })).rejects.toMatchObject({
    report: { command: 'sleep 2', exit: { kind: 'killed', reason: 'wall' } },
  });
});

it('takes no answer about the machine from a question that ran out of time, and skips what the machine does not have', async () => {
  const late = make([{ probe: 'sleep 60', commands: ['true'] }], { timeoutMs: 2_000 });
  await expect(late).rejects.toBeInstanceOf(SetupFailed);
  const folder = await make([
    { probe: 'no-such-program --version', commands: ['exit 1'] },
    { probe: 'true', commands: ['touch "$GATEPILOT_DEPS/made"'] },
  ]);
  expect((await readdir(folder)).sort()).toEqual(['made', 'node_modules']);
});

it('keeps caches of installers in the workspace: the home folder of a sandbox is memory, and too small for them', async () => {
  const folder = await make([
    {
      commands: [
        'df --output=target "$HOME" "$TMPDIR" | sort -u > "$GATEPILOT_DEPS/where"',
        'touch "$HOME/x" "$TMPDIR/y"',
      ],
    },
  ]);
  expect(await readFile(join(folder, 'where'), 'utf8')).toBe('/workspace\nMounted on\n');
});

it('ends with the signal, and blames nobody', async () => {
  const stopping = new AbortController();
  const making = make([{ commands: ['sleep 600'] }], { signal: stopping.signal });
  stopping.abort('cancelled');
  await expect(making).rejects.toBe('cancelled');
});

it('tells which hosts were asked for, also where none is listed', async () => {
  const asking = make([{ commands: [`node -e "fetch('https://registry.example/').catch(() => process.exit(1))"`] }]);
  await expect(asking).rejects.toMatchObject({ denied: ['registry.example'] });
});

it('tells them as well where it did without, and nothing where nothing was asked for', async () => {
  await make([{ commands: [`node -e "fetch('https://cdn.example/').catch(() => undefined)"`] }]);
  expect(network).toMatchObject({ reached: [], denied: [{ host: 'cdn.example', why: 'not_listed' }] });
  await make([{ commands: ['true'] }]);
  expect(network).toBeUndefined();
});
