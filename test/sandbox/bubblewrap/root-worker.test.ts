// What holds only for a worker that is root: each workspace has a user of its own, and closed folders are no obstacle.
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { readText } from '../../../src/sandbox/bubblewrap/process-facts.ts';
import { areGone, expectEventually, findProcesses, findPrograms } from '../support/host-processes.ts';
import { makeSpec } from '../support/spec.ts';
import { users } from '../support/subject.ts';
import { readTools } from '../support/tools.ts';

const tools = await readTools();

describe.runIf(users.includes('root'))('a worker that is root (shown only when root runs the tests)', () => {
  let folder: string;
  let workspace: string;
  let provider: SandboxProvider;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-root-'));
    // As /root is: nobody else may pass.
    await chmod(folder, 0o700);
    workspace = join(folder, 'workspace');
    await mkdir(workspace, { mode: 0o700 });
    provider = await createBubblewrapProvider({
      tools,
      stateFolder: join(folder, 'state'),
      nodePath: process.execPath,
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('runs each workspace as a user of its own, which is nobody on the host', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    const sandboxes = await Promise.all([workspace, other].map((path) => provider.create(makeSpec(path))));
    const marks = ['1000.111', '1000.222'];
    sandboxes.map((sandbox, index) => sandbox.spawn(['sleep', marks[index] ?? '']));
    const owners = await Promise.all(marks.map(readUid));
    expect(new Set(owners).size).toBe(2);
    for (const owner of owners) expect(owner).toBeGreaterThanOrEqual(58_000);
    await Promise.all(sandboxes.map((sandbox) => sandbox.dispose()));
  });

  it('runs sandboxes from folders that nobody else may enter', async () => {
    await writeFile(join(workspace, 'file'), 'of the host');
    const library = join(folder, 'library');
    await mkdir(library, { mode: 0o755 });
    await writeFile(join(library, 'file'), ', of a library');
    const readOnly = [{ source: library, target: '/opt/library' }];
    const open = await provider.create(makeSpec(workspace, { readOnly }));
    const child = open.spawn([
      'sh',
      '-c',
      'cat file /opt/library/file; echo new > new; node --version; cat /proc/*/cmdline',
    ]);
    const stdout = await text(child.stdout);
    expect(stdout).toContain(`of the host, of a library${process.version}`);
    expect(stdout).not.toContain(folder);
    await open.dispose();
    expect(await readFile(join(workspace, 'new'), 'utf8')).toBe('new\n');
  });

  it('refuses a mount that the user of the sandbox could not read', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const spec = makeSpec(workspace, { readOnly: [{ source: closed, target: '/opt/closed' }] });
    await expect(provider.create(spec)).rejects.toThrow(/closed may be read by its owner only/);
    expect((await lstat(workspace)).uid).toBe(0);
  });

  it('reaches a gateway whose socket only root may reach', async () => {
    const socket = join(folder, 'own.sock');
    const server = createServer((_request, response) => response.end('answer')).listen(socket);
    await once(server, 'listening');
    const sandbox = await provider.create(makeSpec(workspace, { network: { mode: 'gateway', socket, port: 4_000 } }));
    const script = 'fetch("http://127.0.0.1:4000").then((a) => a.text()).then(console.log)';
    expect(await text(sandbox.spawn(['node', '-e', script]).stdout)).toBe('answer\n');
    await sandbox.dispose();
    server.close();
  });

  it('hands over links and never what they point to', async () => {
    const outside = join(folder, 'outside');
    await writeFile(outside, 'of the host');
    const linked = join(workspace, 'link');
    await symlink(outside, linked);
    const sandbox = await provider.create(makeSpec(workspace));
    expect((await lstat(linked)).uid).toBeGreaterThanOrEqual(58_000);
    expect((await lstat(outside)).uid).toBe(0);
    await sandbox.dispose();
    expect((await lstat(linked)).uid).toBe(0);
  });

  it('gets no program back that would run as root for everybody', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    const script = 'cp /usr/bin/id tool; chmod 6755 tool; ln tool second';
    expect(await sandbox.spawn(['sh', '-c', script]).end).toEqual({ kind: 'exited', code: 0 });
    expect((await lstat(join(workspace, 'tool'))).mode & 0o6000).toBe(0o6000);
    await sandbox.dispose();
    const { uid, mode } = await lstat(join(workspace, 'second'));
    expect([uid, mode & 0o6000]).toEqual([0, 0]);
  });

  it('kills a sandbox that was staged', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    sandbox.spawn(['sh', '-c', 'setsid sleep 1000.333 & sleep 1000.333']);
    await expectEventually(() => findPrograms('sleep', '1000.333').length === 2);
    const pids = findProcesses('1000.333');
    await sandbox.kill();
    expect(areGone(pids)).toBe(true);
    await sandbox.dispose();
  });
});

async function readUid(mark: string): Promise<number | undefined> {
  await expectEventually(() => findPrograms('sleep', mark).length > 0);
  const [pid] = findPrograms('sleep', mark);
  const uid = /^Uid:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return uid === undefined ? undefined : Number(uid);
}
