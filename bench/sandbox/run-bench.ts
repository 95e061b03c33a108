// What each sandbox costs, beside the same programs without one: medians of real starts on this machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox, SandboxProvider } from '../../src/engine/port/sandbox.ts';
import { openProvider, providerNames } from '../../test/sandbox/support/open-provider.ts';
import { makeSpec } from '../../test/sandbox/support/spec.ts';
import { readProviderTools } from '../../test/sandbox/support/tools.ts';

/** What is timed, as programs that do the same inside and outside. */
export const works = {
  exec: { title: 'start `true`', argv: ['true'] },
  node: { title: 'start Node', argv: ['node', '-e', '0'] },
  compute: {
    title: 'compute',
    argv: ['node', '-e', 'let sum = 0; for (let i = 0; i < 4e8; i++) sum = (sum + i) % 1e6; if (sum < 0) throw sum'],
  },
  processes: {
    title: '200 processes',
    argv: ['sh', '-c', 'i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done'],
  },
  files: {
    title: '2000 files',
    argv: [
      'node',
      '-e',
      'const fs = require("fs"); fs.mkdirSync("many"); for (let i = 0; i < 2000; i++) fs.writeFileSync("many/" + i, "x".repeat(1000)); for (let i = 0; i < 2000; i++) fs.readFileSync("many/" + i); fs.rmSync("many", { recursive: true })',
    ],
  },
} as const;

export type Work = keyof typeof works;

export interface SandboxFigures {
  readonly provider: string;
  /** Milliseconds, medians. Making a sandbox and giving it back; ending one in which a process tree runs. */
  readonly create: number;
  readonly stop: number;
  readonly works: Readonly<Record<Work, number>>;
}

export interface NotMeasured {
  readonly provider: string;
  readonly why: string;
}

export interface BenchOutcome {
  readonly rounds: number;
  readonly isRoot: boolean;
  /** Without a sandbox. */
  readonly bare: SandboxFigures;
  readonly sandboxes: readonly (SandboxFigures | NotMeasured)[];
}

/** A round goes through all of them, so that a machine with something else to do is as busy for each. */
export async function runBench(rounds: number, say: (line: string) => void): Promise<BenchOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-sandbox-'));
  await chmod(folder, 0o755);
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  try {
    const { opened, missing } = await openProviders(folder);
    const bare = emptyTimes();
    for (let round = 1; round <= rounds; round += 1) {
      say(`round ${round} of ${rounds}`);
      await playBare(bare, workspace);
      for (const { provider, times } of opened) await playInside(times, provider, workspace);
    }
    const measured = opened.map(({ name, times }) => toFigures(name, times));
    const isRoot = process.getuid?.() === 0;
    return { rounds, isRoot, bare: toFigures('none', bare), sandboxes: [...measured, ...missing] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Opened {
  readonly name: string;
  readonly provider: SandboxProvider;
  readonly times: Times;
}

type Times = Readonly<Record<Work | 'create' | 'stop', number[]>>;

async function openProviders(folder: string): Promise<{ opened: readonly Opened[]; missing: readonly NotMeasured[] }> {
  const tools = await readProviderTools();
  const opened: Opened[] = [];
  const missing: NotMeasured[] = [];
  for (const name of providerNames) {
    try {
      opened.push({ name, provider: await openProvider(name, tools, join(folder, name)), times: emptyTimes() });
    } catch (error) {
      missing.push({ provider: name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { opened, missing };
}

async function playInside(times: Times, provider: SandboxProvider, workspace: string): Promise<void> {
  const startedAt = performance.now();
  const sandbox = await provider.create(makeSpec(workspace));
  const made = performance.now() - startedAt;
  for (const work of listWorks()) times[work].push(await time(() => runInside(sandbox, works[work].argv)));
  const child = sandbox.spawn(['sh', '-c', 'sleep 1000 & echo up; sleep 1000']);
  await once(child.stdout, 'data');
  times.stop.push(await time(() => sandbox.kill()));
  times.create.push(made + (await time(() => sandbox.dispose())));
}

async function playBare(times: Times, workspace: string): Promise<void> {
  for (const work of listWorks()) times[work].push(await time(() => runOutside(works[work].argv, workspace)));
  const child = spawn('sh', ['-c', 'echo up; exec sleep 1000'], { env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const exit = once(child, 'exit');
  times.stop.push(
    await time(async () => {
      child.kill('SIGKILL');
      await exit;
    }),
  );
  times.create.push(0);
}

async function runInside(sandbox: Sandbox, argv: readonly string[]): Promise<void> {
  const child = sandbox.spawn(argv);
  child.stdin.end();
  child.stdout.resume();
  const end = await child.end;
  if (end.kind !== 'exited' || end.code !== 0) throw new Error(`${argv[0]} did not end well: ${JSON.stringify(end)}`);
}

async function runOutside([program = '', ...args]: readonly string[], cwd: string): Promise<void> {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const child = spawn(program === 'node' ? process.execPath : program, args, { env, cwd, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} did not end well: ${code}`);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function listWorks(): readonly Work[] {
  // The keys of a constant.
  return Object.keys(works) as Work[];
}

function emptyTimes(): Times {
  return { create: [], stop: [], exec: [], node: [], compute: [], processes: [], files: [] };
}

function toFigures(provider: string, times: Times): SandboxFigures {
  return {
    provider,
    create: median(times.create),
    stop: median(times.stop),
    works: {
      exec: median(times.exec),
      node: median(times.node),
      compute: median(times.compute),
      processes: median(times.processes),
      files: median(times.files),
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
