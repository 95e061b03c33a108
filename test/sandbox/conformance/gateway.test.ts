// The one way out of a sandbox: a socket of the host, as a port on loopback.
import { once } from 'node:events';
import { chmod, readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjects } from '../support/provided.ts';
import { openStarter, type Starter } from '../support/starter.ts';

const port = 4_000;

describe.each(subjects)('the gateway of a sandbox of $title', (subject) => {
  let starter: Starter;
  let socket: string;
  const servers: Server[] = [];
  beforeAll(async () => {
    starter = await openStarter(subject);
    const folder = await starter.makeFolder('gateway');
    socket = join(folder, 'own.sock');
    servers.push(await serve(socket, 'own'), await serve(join(folder, 'other.sock'), 'other'));
    // As a model gateway keeps its sockets: in a folder that is closed to everybody else.
    await chmod(folder, 0o700);
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await starter.close();
  });
  const inside = (argv: readonly string[], options = {}) =>
    starter.inside(argv, { network: { mode: 'gateway', socket, port }, ...options });
  const evaluate = async (script: string) => (await inside(['node', '--input-type=module', '-e', script])).stdout;

  it('answers on loopback before the command starts', async () => {
    const answer = await evaluate(`console.log(await (await fetch("http://127.0.0.1:${port}/hello")).text())`);
    expect(answer).toBe('own GET /hello 0\n');
  });

  it('carries large bodies in both directions, many at once', async () => {
    const answer = await evaluate(`
      const post = (size) => fetch("http://127.0.0.1:${port}/echo", { method: "POST", body: "x".repeat(size) });
      const answers = await Promise.all([1, 2, 3, 4].map((n) => post(n * 1_000_000)));
      console.log((await Promise.all(answers.map((a) => a.text()))).map((text) => text.length).join());`);
    const lengths = [1, 2, 3, 4].map((n) => `own POST /echo ${n * 1_000_000}`.length + n * 1_000_000);
    expect(answer).toBe(`${lengths.join()}\n`);
  });

  it('leads to this socket and to nothing else', async () => {
    const { stdout } = await inside(['sh', '-c', 'ls /run/gatepilot; ls -d /run/gatepilot/*.sock']);
    expect(stdout).toContain('gateway.sock');
    expect(stdout).not.toContain('other');
    const answer = await evaluate(`
      import { connect } from "node:net";
      const attempt = (...where) => new Promise((resolve) => {
        const socket = connect(...where, () => resolve("connected"));
        socket.on("error", (error) => resolve(error.code));
      });
      console.log(await attempt(${port + 1}, "127.0.0.1"), await attempt({ path: ${JSON.stringify(join(socket, '../other.sock'))} }));`);
    expect(answer).toBe('ECONNREFUSED ENOENT\n');
    expect((await inside(['rm', '-f', '/run/gatepilot/gateway.sock'])).end).toEqual({ kind: 'exited', code: 1 });
    expect(await readdir(join(socket, '..'))).toHaveLength(2);
  });

  it('leaves exit codes, signals, streams and the environment as they are', async () => {
    expect((await inside(['sh', '-c', 'exit 7'])).end).toEqual({ kind: 'exited', code: 7 });
    expect((await inside(['sh', '-c', 'kill -TERM $$'])).end).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
    expect((await inside(['no-such-program'])).end).toEqual({ kind: 'exited', code: 127 });
    const { stdout, stderr } = await inside(['sh', '-c', 'cat; echo two >/dev/stderr'], { stdin: 'one\n' });
    expect([stdout, stderr]).toEqual(['one\n', 'two\n']);
    const env = { NODE_OPTIONS: '--require=/nowhere.js', LD_PRELOAD: '' };
    const lines = (await inside(['env'], { env })).stdout.trim().split('\n').sort();
    expect(lines).toEqual([
      'HOME=/home/agent',
      'LANG=C.UTF-8',
      'LD_PRELOAD=',
      'NODE_OPTIONS=--require=/nowhere.js',
      'PATH=/run/gatepilot/node/bin:/usr/local/bin:/usr/bin:/bin',
      'PWD=/workspace',
      'TMPDIR=/tmp',
    ]);
  });

  it('ends with the command, whatever that left running', async () => {
    const { end } = await inside(['sh', '-c', 'setsid sleep 1000 & exit 0']);
    expect(end).toEqual({ kind: 'exited', code: 0 });
  });

  it('shows nothing of the host in the processes that carry it', async () => {
    const { stdout } = await inside(['sh', '-c', 'cat /proc/*/cmdline /proc/*/environ | tr "\\0" "\\n"']);
    expect(stdout).toContain('relay.mjs');
    expect(stdout).not.toContain(starter.folder);
  });
});

async function serve(path: string, name: string): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      response.end(`${name} ${request.method} ${request.url} ${body.length}${body}`);
    });
  }).listen(path);
  await once(server, 'listening');
  await chmod(path, 0o666);
  return server;
}
