// What a host cannot give is said when the worker starts, with the mend; what bubblewrap cannot be told is said at once.
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProvider } from '../../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { explainFailure } from '../../../src/sandbox/bubblewrap/explain-failure.ts';
import { makeSpec } from '../support/spec.ts';
import { openStarter } from '../support/starter.ts';
import { users } from '../support/subject.ts';
import { readTools } from '../support/tools.ts';

const tools = await readTools();

let folder: string;
let workspace: string;
let provider: SandboxProvider;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-refusal-'));
  workspace = join(folder, 'workspace');
  await mkdir(workspace);
  provider = await createBubblewrapProvider({ ...host(), uidRange: { first: 58_500, count: 2 } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const host = () => ({ tools, stateFolder: join(folder, 'state'), nodePath: process.execPath });

describe('a host for bubblewrap', () => {
  it('without a tool is refused by name', async () => {
    const missing = { ...tools, tini: join(folder, 'tini') };
    await expect(createBubblewrapProvider({ ...host(), tools: missing })).rejects.toThrow(
      /tini is not at .*: install it/,
    );
  });

  it.each(users)('that forbids namespaces to a worker that is %s is refused', async (user) => {
    const wrapper = [tools.bwrap, '--unshare-user', '--disable-userns', '--dev-bind', '/', '/', '--'];
    const starter = await openStarter({ provider: 'bubblewrap', title: '', user }, { wrapper });
    try {
      const { error } = await starter.order({ kind: 'capabilities' });
      expect(error).toMatch(
        /cannot give "bubblewrap": .*(may not make namespaces|forbids|does not let the worker make namespaces|do not exist)/,
      );
    } finally {
      await starter.close();
    }
  });

  it('starts no sandboxes from a thread, with which they would end', async () => {
    const module = new URL('../../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts', import.meta.url);
    const script = `
      const { parentPort, workerData } = require('node:worker_threads');
      import(workerData.module)
        .then(({ createBubblewrapProvider }) => createBubblewrapProvider(workerData.options))
        .catch((error) => parentPort.postMessage(error.message));`;
    const thread = new Worker(script, { eval: true, workerData: { module: module.href, options: host() } });
    const [message] = await once(thread, 'message');
    expect(message).toContain('main thread');
    await thread.terminate();
  });

  it('is told what its settings forbid', () => {
    expect(explainFailure('bwrap: Unknown option --disable-userns')).toContain('too old');
    expect(explainFailure("bwrap: Can't mount proc on /newroot/proc: Operation not permitted")).toContain(
      'systempaths=unconfined',
    );
    expect(explainFailure('bwrap: No permissions to create new namespace')).toMatch(/seccomp=unconfined|sysctl -w/);
    expect(explainFailure('spawn EPERM')).toContain('CAP_SETUID');
    expect(explainFailure('')).toContain('it said nothing');
  });
});

describe('a sandbox of bubblewrap', () => {
  const mayTakeUsers = users.includes('root');
  it.runIf(mayTakeUsers)('of root is refused when every user of the range is taken (shown only to root)', async () => {
    const others = [join(folder, 'second'), join(folder, 'third')] as const;
    for (const path of others) await mkdir(path);
    const first = await provider.create(makeSpec(workspace));
    const second = await provider.create(makeSpec(others[0]));
    await expect(provider.create(makeSpec(others[1]))).rejects.toMatchObject({ capability: 'uid' });
    await first.dispose();
    await (await provider.create(makeSpec(others[1]))).dispose();
    await second.dispose();
  });

  it('takes no value that would become an option of its own', async () => {
    const sandbox = await provider.create(makeSpec(workspace, { env: { SMUGGLED: 'x\0--bind\0/\0/host' } }));
    expect(() => sandbox.spawn(['ls', '/host'])).toThrow(/NUL/);
    await sandbox.dispose();
  });

  it('never runs as root', async () => {
    await expect(createBubblewrapProvider({ ...host(), uidRange: { first: 0, count: 10 } })).rejects.toThrow(/as root/);
  });

  it('tells of arguments that are too long for the host by its end', async () => {
    const sandbox = await provider.create(makeSpec(workspace));
    await expect(sandbox.spawn(['echo', 'x'.repeat(200_000)]).end).rejects.toMatchObject({ name: 'ExternalError' });
    await sandbox.dispose();
  });
});
