// Which way to hold limits is taken of those that a host offers, where they do not all hold the same.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogPort } from '../../../src/engine/port/log.ts';
import type { ProcessEnd, Sandbox, SandboxProcess } from '../../../src/engine/port/sandbox.ts';
import { insideUid } from '../../../src/sandbox/bubblewrap/inside.ts';
import type { LimitLevel } from '../../../src/sandbox/bubblewrap/limit/limit-level.ts';
import { rlimitLevel } from '../../../src/sandbox/bubblewrap/limit/rlimit.ts';
import { withProcesses } from '../../../src/sandbox/bubblewrap/limit/with-processes.ts';
import { proveLevel } from '../../../src/sandbox/bubblewrap/prove-level.ts';

type Kind = LimitLevel['kind'];
/** What processes of a sandbox find there: nothing starts at all, or these limits are not held. */
type Finding = 'does not start' | readonly ('memory' | 'pids')[];

const watched = withProcesses(rlimitLevel);
const control = (kind: Kind): LimitLevel => ({ ...watched, kind, memory: 'hard', holdsStart: true });
const report = {
  ...{ uid: insideUid, interfaces: ['lo'], variables: [], kernelSetting: 'EACCES', workspace: 'done', seesHost: false },
  ...{ gateway: 'gateway', proxy: 'proxy', machine: 'ECONNREFUSED' },
};

function toProcess(stdout: string, end: ProcessEnd): SandboxProcess {
  const stdin = new PassThrough().resume();
  const [output, stderr] = [Readable.from([stdout]), Readable.from([''])];
  return { stdin, stdout: output, stderr, end: Promise.resolve(end), kill: async () => undefined };
}

function openSandbox(unmet: Finding): Sandbox {
  if (unmet === 'does not start') throw new Error('no group could be made');
  return {
    id: 'probe',
    spawn([program]) {
      const isHeld = !unmet.includes('memory');
      if (program === 'dd') {
        return toProcess('', isHeld ? { kind: 'killed', reason: 'memory' } : { kind: 'exited', code: 0 });
      }
      const processes = unmet.includes('pids') ? 40 : 20;
      return toProcess(JSON.stringify({ ...report, processes }), { kind: 'exited', code: 0 });
    },
    kill: async () => undefined,
    dispose: async () => undefined,
  };
}

describe('of the ways in which a host holds limits', () => {
  let stateFolder: string;
  beforeAll(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'prove-level-'));
  });
  afterAll(() => rm(stateFolder, { recursive: true, force: true }));

  async function prove(found: Partial<Record<Kind, Finding>>) {
    const warnings: unknown[] = [];
    const logger = { warn: (...said: unknown[]) => void warnings.push(said) } as unknown as LogPort;
    const levels = [control('cgroup-v2'), control('cgroup-v1'), watched].filter(({ kind }) => kind in found);
    const proof = await proveLevel({
      ...{ stateFolder, levels, logger },
      claim: { name: 'oci', isOpen: false },
      open: async ({ kind }) => openSandbox(found[kind] ?? 'does not start'),
      explain: (complaint) => complaint,
    });
    return { kind: proof.level.kind, memory: proof.memory, pids: proof.pids, warnings: JSON.stringify(warnings) };
  }

  it('the first is taken that holds all of them, and nothing has to be said', async () => {
    expect(await prove({ 'cgroup-v2': [], rlimit: [] })).toEqual({
      ...{ kind: 'cgroup-v2', memory: 'hard', pids: 'hard', warnings: '[]' },
    });
  });

  // An engine counts processes in the group that it made; with one tree of groups, ours is another one.
  it('one that takes processes out of what counts them is passed over, and that is said', async () => {
    const taken = await prove({ 'cgroup-v2': ['pids'], rlimit: [] });
    expect(taken).toMatchObject({ kind: 'rlimit', memory: 'soft', pids: 'hard' });
    expect(taken.warnings).toMatch(/cgroup-v2.*pids/);
  });

  it('one that holds no memory, or under which nothing starts, is passed over, and that is said', async () => {
    const taken = await prove({ 'cgroup-v2': 'does not start', 'cgroup-v1': ['memory'], rlimit: [] });
    expect(taken).toMatchObject({ kind: 'rlimit', memory: 'soft', pids: 'hard' });
    expect(taken.warnings).toMatch(/cgroup-v2.*no group could be made.*cgroup-v1.*memory/);
  });

  it('none is taken where each leaves something out, which one sentence says before any run', async () => {
    await expect(prove({ 'cgroup-v2': ['pids'], rlimit: ['memory'] })).rejects.toMatchObject({
      name: 'SandboxRefused',
      message: expect.stringMatching(/oci.*\(cgroup-v2: not pids; rlimit: not memory\)/),
    });
    await expect(prove({ 'cgroup-v1': 'does not start', rlimit: ['memory', 'pids'] })).rejects.toThrow(
      /\(cgroup-v1: no sandbox starts .*; rlimit: not memory and pids\)/,
    );
  });

  it('none is taken where nothing starts under any of them, and why is said', async () => {
    await expect(prove({ 'cgroup-v1': 'does not start', rlimit: 'does not start' })).rejects.toThrow(
      /cannot give "oci": .*no group could be made/,
    );
  });
});
