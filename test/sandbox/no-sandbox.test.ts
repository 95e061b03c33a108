// Without a sandbox: the host is there, and what the contract says of limits, killing and places holds all the same.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProvider } from '../../src/engine/port/sandbox.ts';
import { createBubblewrapProvider } from '../../src/sandbox/bubblewrap/create-bubblewrap-provider.ts';
import { offerProviders } from '../../src/sandbox/offer-providers.ts';
import { expectEventually, findProcesses, findPrograms } from './support/host-processes.ts';
import { makeSpec, mebibyte, type SpecChanges } from './support/spec.ts';
import { readTools } from './support/tools.ts';

let folder: string;
let workspace: string;
let provider: SandboxProvider;
let server: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'no-sandbox-'));
  await chmod(folder, 0o755);
  workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const stateFolder = join(folder, 'state');
  const tools = await readTools();
  provider = await createBubblewrapProvider({ tools, stateFolder, nodePath: process.execPath, isolation: 'none' });
  server = createServer((request, response) => response.end(`answer to ${request.url}`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(argv: readonly string[], changes: SpecChanges = {}) {
  const sandbox = await provider.create(makeSpec(workspace, changes));
  try {
    const child = sandbox.spawn(argv);
    child.stdin.end();
    const [stdout, end] = await Promise.all([text(child.stdout), child.end]);
    return { stdout, end };
  } finally {
    await sandbox.dispose();
  }
}

describe('a process without a sandbox', () => {
  it('is said to have none', () => {
    expect(provider.capabilities).toMatchObject({ provider: 'none', isolation: 'none' });
  });

  it('is given no list of hosts, which nothing would hold it to', async () => {
    const network = { mode: 'allowlist', proxy: { socket: join(folder, 'proxy.sock'), port: 3_128 } } as const;
    await expect(provider.create(makeSpec(workspace, { network }))).rejects.toMatchObject({ capability: 'allowlist' });
  });

  it('reaches the files and the network of the host', async () => {
    const path = join(folder, 'of-the-host');
    await writeFile(path, 'of the host\n');
    expect((await run(['cat', path])).stdout).toBe('of the host\n');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const script = `console.log(await (await fetch("http://127.0.0.1:${port}/x")).text())`;
    expect((await run(['node', '--input-type=module', '-e', script])).stdout).toBe('answer to /x\n');
  });

  it('works in /workspace, with the environment that was given and nothing else', async () => {
    const { stdout } = await run(['sh', '-c', 'pwd; env | sort; echo kept > ~/file && cat ~/file'], {
      env: { GIVEN: 'x' },
    });
    expect(stdout.split('\n')).toEqual([
      '/workspace',
      'GIVEN=x',
      'HOME=/home/agent',
      'LANG=C.UTF-8',
      'PATH=/run/gatepilot/node/bin:/usr/local/bin:/usr/bin:/bin',
      'PWD=/workspace',
      'TMPDIR=/tmp',
      'kept',
      '',
    ]);
  });

  it('has the gateway at a port of its own, also beside another one', async () => {
    const socket = join(await mkdtemp(join(tmpdir(), 'gw-')), 'own.sock');
    const gateway = createServer((_request, response) => response.end('the gateway')).listen(socket);
    await once(gateway, 'listening');
    await chmod(join(socket, '..'), 0o755);
    await chmod(socket, 0o666);
    const network = { mode: 'gateway', socket, port: 4_000 } as const;
    const sandboxes = await Promise.all([1, 2].map(() => provider.create(makeSpec(workspace, { network }))));
    const answers = sandboxes.map(async (sandbox) => {
      const script = `console.log(await (await fetch("http://127.0.0.1:${sandbox.gatewayPort}/")).text()); setTimeout(() => undefined, 500)`;
      return await text(sandbox.spawn(['node', '--input-type=module', '-e', script]).stdout);
    });
    expect(await Promise.all(answers)).toEqual(['the gateway\n', 'the gateway\n']);
    await Promise.all(sandboxes.map((sandbox) => sandbox.dispose()));
    gateway.close();
  });

  it('leaves nothing when it is killed', async () => {
    const mark = `1000.${randomInt(1e9)}`;
    const sandbox = await provider.create(makeSpec(workspace));
    sandbox.spawn(['sh', '-c', 'setsid sleep "$1" & (setsid sleep "$1" &); sleep "$1"', 'sh', mark]);
    await expectEventually(() => findPrograms('sleep', mark).length === 3);
    await sandbox.kill();
    expect(findProcesses(mark)).toEqual([]);
    await sandbox.dispose();
  });

  it('is held to its limits', async () => {
    const take = `const kept = []; setInterval(() => kept.push(Buffer.alloc(8 * ${mebibyte}, 1)), 4)`;
    expect((await run(['node', '-e', take], { limits: { memoryBytes: 160 * mebibyte } })).end).toEqual({
      kind: 'killed',
      reason: 'memory',
    });
    expect((await run(['sleep', '1000'], { limits: { wallMs: 300 } })).end).toEqual({ kind: 'killed', reason: 'wall' });
  });
});

describe('what an operator offers', () => {
  it('is what a spec may name, the first where it names none, and nothing else', async () => {
    const offered = offerProviders(new Map([['none', provider]]));
    for (const name of [undefined, 'none']) {
      const sandbox = await offered.create({ ...makeSpec(workspace), provider: name });
      await sandbox.dispose();
    }
    await expect(offered.create({ ...makeSpec(workspace), provider: 'gvisor' })).rejects.toMatchObject({
      name: 'SandboxRefused',
      capability: 'gvisor',
      message: expect.stringContaining('the operator offers none'),
    });
  });
});
