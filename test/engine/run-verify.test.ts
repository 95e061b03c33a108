// Every way in which a verify command does not pass is told apart from the others, in the real sandbox.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandReport } from '../../src/core/model/cause.ts';
import { isGreen } from '../../src/core/model/result.ts';
import { renderExit } from '../../src/core/reply/render-cause.ts';
import { type RunningEgress, startEgress } from '../../src/egress/start-egress.ts';
import type { RepositoryRef } from '../../src/engine/port/git.ts';
import { runVerify } from '../../src/engine/run-verify.ts';
import { openWorkPlace } from '../../src/engine/work-place.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { createBubblewrapProvider } from '../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { openScene, type Scene } from '../git/support/scene.ts';
import { readMachineTools } from '../prerequisite/machine-tools.ts';

const mebibyte = 1024 * 1024;
let scene: Scene;
let ports: WorkPorts;
let egress: RunningEgress;

/** The operator lets nothing be reached. */
const nobody = { allow: [], deny: [] };

beforeAll(async () => {
  scene = await openScene();
  await chmod(scene.folder, 0o711);
  const { bubblewrap: tools } = await readMachineTools('bubblewrap');
  const stateFolder = join(scene.folder, 'sandbox-state');
  const provider = await createBubblewrapProvider({ tools, stateFolder, nodePath: process.execPath });
  egress = await startEgress({ folder: join(scene.folder, 'ways'), permit: nobody });
  ports = {
    git: {
      treeOf: async () => 'tree',
      checkout: async (_: RepositoryRef, __: string, folder: string) => {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'plain.txt'), 'not a program\n');
      },
    },
    artifacts: { putText: async () => 'log' },
    sandboxes: { ...provider, proved: new Map([['bubblewrap', provider.capabilities]]) },
    egress,
    clock: { now: () => Date.now() },
    openWorkPlace: (name: string) => openWorkPlace(join(scene.folder, 'work'), name),
  } as unknown as WorkPorts;
});
afterAll(async () => {
  await egress.stop();
  await scene.close();
});

async function run(...commands: string[]): Promise<readonly CommandReport[]> {
  return await runAll(commands);
}

async function runAll(commands: string[], isWhole = false): Promise<readonly CommandReport[]> {
  const report = await runVerify(ports, {
    id: 'told-apart',
    repository: { key: 'acme/simple' } as RepositoryRef,
    commit: 'a'.repeat(40),
    commands,
    isWhole,
    timeoutMs: 5_000,
    place: {
      provider: 'bubblewrap',
      limits: {
        memoryBytes: 256 * mebibyte,
        pids: 64,
        cpuSeconds: 60,
        diskBytes: 64 * mebibyte,
        outputBytes: mebibyte,
      },
    },
    signal: new AbortController().signal,
  });
  if (!report) throw new Error('nothing ended it');
  expect(isGreen(report)).toBe(report.commands.every(({ exit }) => exit.kind === 'exited' && exit.code === 0));
  return report.commands;
}

it.each<[string, string, CommandReport['exit'], string]>([
  ['says no', 'echo "2 of 3 failed"; exit 1', { kind: 'exited', code: 1 }, 'exited with 1'],
  [
    'is not there',
    'no-such-program --all',
    { kind: 'exited', code: 127 },
    'exited with 127: a program that it needs is not there',
  ],
  ['is no program', './plain.txt', { kind: 'exited', code: 126 }, 'exited with 126: a file that it runs is no program'],
  ['hangs', 'echo waiting; sleep 600', { kind: 'killed', reason: 'wall' }, 'ran out of time'],
])('that %s', async (_, command, exit, told) => {
  const reports = await run(command, 'echo never');
  expect(reports.map((report) => [report.command, report.exit])).toEqual([[command, exit]]);
  expect(reports.map(renderExit)).toEqual([told]);
});

it('keeps nothing from running that a verdict is made of, but where our limits ended it', async () => {
  const reports = await runAll(['exit 1', 'echo two', 'sleep 600', 'echo never'], true);
  expect(reports.map(({ exit }) => exit)).toEqual([
    { kind: 'exited', code: 1 },
    { kind: 'exited', code: 0 },
    { kind: 'killed', reason: 'wall' },
  ]);
});

it('and passes where each does, in their order', async () => {
  const reports = await run('echo one', 'test "$CI" = true');
  expect(reports.map(({ exit, output }) => [exit, output])).toEqual([
    [{ kind: 'exited', code: 0 }, 'one'],
    [{ kind: 'exited', code: 0 }, ''],
  ]);
});

it('is told which hosts each command asked for, and reaches none', async () => {
  const ask = (host: string) => `node -e "fetch('https://${host}/').catch(() => console.log('not reached'))"`;
  const reports = await run(ask('telemetry.example'), 'echo nothing', `${ask('one.example')}; ${ask('two.example')}`);
  expect(reports.map(({ denied = [] }) => denied.map(({ host, why }) => [host, why]))).toEqual([
    [['telemetry.example', 'not_listed']],
    [],
    [
      ['one.example', 'not_listed'],
      ['two.example', 'not_listed'],
    ],
  ]);
  expect(reports.map(({ output }) => output.trim())).toEqual(['not reached', 'nothing', 'not reached\nnot reached']);
});
