// Nothing survives: neither a kill, nor the death of the worker.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProcess, SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { readDescendants, readText } from '../../../src/sandbox/bubblewrap/process-facts.ts';
import { areGone, expectEventually, findProcesses, findPrograms } from '../support/host-processes.ts';
import { leaveNoContainers } from '../support/leave-no-containers.ts';
import { openProvider, type ProviderName } from '../support/open-provider.ts';
import { providers, subjects } from '../support/provided.ts';
import { makeSpec } from '../support/spec.ts';
import { openStarter } from '../support/starter.ts';
import type { Subject } from '../support/subject.ts';
import { readProviderTools } from '../support/tools.ts';

/** A tree with children, grandchildren and daemons that left the session. */
const tree = (mark: string) => [
  'sh',
  '-c',
  `sleep "$1" & setsid sleep "$1" & (setsid sh -c 'sleep "$1" & sleep "$1"' sh "$1" &) ; trap '' TERM INT HUP; echo up; sleep "$1"; sleep "$1"`,
  'sh',
  mark,
];
const sleepsOfTree = 5;
const newMark = () => `1000.${randomInt(1e9)}`;

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function openSocket(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'socket-')), 'own.sock');
  const server = createServer().listen(path);
  servers.push(server);
  await once(server, 'listening');
  await chmod(path, 0o666);
  await chmod(join(path, '..'), 0o755);
  return path;
}

/** Programs on a kernel of their own are no processes of the host: there it is the processes of that kernel that must go. */
const haveOwnKernel = (name: Subject['provider']) => name === 'gvisor';
/** That kernel, what brings it files, and who waits for it. */
const leastOfKernel = 3;

describe.each(providers)('a sandbox of %s', (name) => {
  const known = new Set<number>();
  const readTree = (child: SandboxProcess, mark: string) => readNewTree({ child, mark, name, known });
  let folder: string;
  let workspace: string;
  let provider: SandboxProvider;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-kill-'));
    await chmod(folder, 0o755);
    workspace = join(folder, 'workspace');
    await mkdir(workspace);
    provider = await openProvider(name, await readProviderTools(), join(folder, 'state'));
  });
  afterAll(async () => {
    await leaveNoContainers(join(folder, 'state'), process.getuid?.() ?? 0);
    await rm(folder, { recursive: true, force: true });
  });

  it('leaves nothing when it is killed, ten times in a row', async () => {
    for (let round = 0; round < 10; round += 1) {
      const mark = newMark();
      const sandbox = await provider.create(makeSpec(workspace));
      const child = sandbox.spawn(tree(mark));
      const pids = await readTree(child, mark);
      expect(pids.length).toBeGreaterThan(haveOwnKernel(name) ? leastOfKernel : sleepsOfTree);
      await sandbox.kill();
      expect(areGone(pids), `round ${round}`).toBe(true);
      expect(await child.end).toEqual({ kind: 'killed', reason: 'stopped' });
      await sandbox.dispose();
    }
  });

  it('kills all its processes at once, and may be killed twice', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    const marks = [newMark(), newMark(), newMark()];
    const children = marks.map((mark) => sandbox.spawn(tree(mark)));
    const pids = await Promise.all(children.map((child, index) => readTree(child, marks[index] ?? '')));
    await Promise.all([sandbox.kill(), sandbox.kill()]);
    expect(areGone(pids.flat())).toBe(true);
    await sandbox.kill();
    await sandbox.dispose();
    await sandbox.dispose();
  });

  it('can lose one process and keep the others', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    const marks = [newMark(), newMark()] as const;
    const first = sandbox.spawn(tree(marks[0]));
    const ofFirst = await readTree(first, marks[0]);
    const second = sandbox.spawn(tree(marks[1]));
    const pids = [ofFirst, await readTree(second, marks[1])] as const;
    await first.kill();
    expect(areGone(pids[0])).toBe(true);
    expect(pids[1].some((pid) => !areGone([pid]))).toBe(true);
    await sandbox.dispose();
    expect(areGone(pids[1])).toBe(true);
  });

  it('can be killed before its process has started', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    const mark = newMark();
    const child = sandbox.spawn(['sleep', mark]);
    await sandbox.kill();
    expect(await child.end).toEqual({ kind: 'killed', reason: 'stopped' });
    expect(findProcesses(mark)).toEqual([]);
    await sandbox.dispose();
  });

  it('starts nothing after it was killed', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    await sandbox.kill();
    const mark = newMark();
    const child = sandbox.spawn(['sleep', mark]);
    expect(await child.end).toEqual({ kind: 'killed', reason: 'stopped' });
    expect(findProcesses(mark)).toEqual([]);
    await sandbox.dispose();
  });

  it('ends what a command left running when the command ends', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    const mark = newMark();
    const child = sandbox.spawn(['sh', '-c', 'setsid sleep "$1" & exit 0', 'sh', mark]);
    expect(await child.end).toEqual({ kind: 'exited', code: 0 });
    expect(findProcesses(mark)).toEqual([]);
    await sandbox.dispose();
  });

  it('ends although nobody reads its output', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    const child = sandbox.spawn(['head', '-c', '3000000', '/dev/zero']);
    expect(await child.end).toEqual({ kind: 'exited', code: 0 });
    await sandbox.dispose();
  });

  it('gives its workspace back when the last sandbox over it is gone', async () => {
    const owner = process.getuid?.() ?? 0;
    const [first, second] = await Promise.all([
      provider.create(makeSpec(workspace)),
      provider.create(makeSpec(workspace, { access: 'read-only' })),
    ]);
    expect(await first.spawn(['touch', 'of-the-first']).end).toEqual({ kind: 'exited', code: 0 });
    await first.dispose();
    expect((await stat(workspace)).uid === owner).toBe(owner !== 0);
    expect(await second.spawn(['test', '-O', 'of-the-first']).end).toEqual({ kind: 'exited', code: 0 });
    await second.dispose();
    expect((await stat(workspace)).uid).toBe(owner);
    expect((await stat(join(workspace, 'of-the-first'))).uid).toBe(owner);
  });
});

describe.each(subjects)('the death of $title', (subject) => {
  const cases = [
    ['deny', 0o755],
    ['gateway', 0o755],
    // As with a checkout in /root: there root has to stage what the sandbox's user may not reach.
    ['deny', 0o700],
    ['gateway', 0o700],
  ] as const;
  it.each(cases)('ends its sandboxes (network: %s, folders of mode %o)', async (mode, folderMode) => {
    const starter = await openStarter(subject);
    try {
      await chmod(starter.folder, folderMode);
      const network = mode === 'deny' ? ({ mode } as const) : { mode, socket: await openSocket(), port: 4_000 };
      const mark = newMark();
      const spec = makeSpec(starter.workspace, { network });
      const { stdout, error } = await starter.order({ kind: 'leave', spec, argv: tree(mark) });
      expect(error).toBeUndefined();
      expect(stdout).toBe('up\n');
      if (!haveOwnKernel(subject.provider)) {
        await expectEventually(() => findPrograms('sleep', mark).length === sleepsOfTree);
      }
      // Engines of containers start them as nobody's children.
      const family = readDescendants(starter.process.pid ? [starter.process.pid] : []);
      const pids = [...new Set([...family, ...findProcesses(mark)])];
      expect(pids.length).toBeGreaterThan(haveOwnKernel(subject.provider) ? leastOfKernel : sleepsOfTree);
      const exit = once(starter.process, 'exit');
      starter.process.kill('SIGKILL');
      await exit;
      await expectEventually(() => areGone(pids), 30_000);
      expect(findProcesses(mark)).toEqual([]);
    } finally {
      // The next worker removes what the dead one left: its control group, and containers that outlived it.
      const next = await openStarter(subject, { stateFolder: starter.stateFolder });
      await next.order({ kind: 'capabilities' });
      await next.close();
      await starter.close();
    }
  });
});

/** The processes of the host that make up a tree, once all of it runs. */
async function readNewTree(scene: {
  readonly child: SandboxProcess;
  readonly mark: string;
  readonly name: ProviderName;
  /** Of this process and what it started, as far as they are known already. */
  readonly known: Set<number>;
}): Promise<number[]> {
  const { child, mark, name, known } = scene;
  await once(child.stdout, 'data');
  if (!haveOwnKernel(name)) {
    await expectEventually(() => findPrograms('sleep', mark).length === sleepsOfTree);
    return findProcesses(mark);
  }
  const isOfKernel = (pid: number) => /runsc|bwrap|tini/.test(readText(`/proc/${pid}/cmdline`) ?? '');
  const fresh = readDescendants([process.pid]).filter((pid) => !known.has(pid) && isOfKernel(pid));
  for (const pid of fresh) known.add(pid);
  return fresh;
}
