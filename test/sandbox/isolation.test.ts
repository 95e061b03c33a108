// Attempts to get out. Each is first shown to succeed outside, by the same program as the same user, wherever that does
// no harm: an attempt that fails everywhere proves nothing.
import { existsSync } from 'node:fs';
import { chmod, open, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemCalls } from '../../src/sandbox/bubblewrap/system-calls.ts';
import { openStarter, type Starter } from './support/starter.ts';
import { users } from './support/subject.ts';

const calls = systemCalls[process.arch];
if (!calls) throw new Error(`no system calls are known for ${process.arch}`);

const notPermitted = 1;
const noSuchFamily = 97;

/** Prints the number of the error, or "done". `$room` is memory that the call may write to. */
const systemCall = (number: number | undefined, ...args: (number | string)[]) => [
  'perl',
  '-e',
  `$room = "\\0" x 256; $r = syscall(${[number, ...args].join(', ')}); print $r == -1 ? $! + 0 : "done"`,
];
const openSocket = (...args: number[]) => systemCall(calls.socket, ...args);
const connectTo = (target: string) => [
  process.execPath,
  '-e',
  `const s = require("net").connect(${target}, () => { console.log("connected"); process.exit(0) });
   s.on("error", (error) => { console.log("refused"); process.exit(0) })`,
];
const insideNode = (argv: readonly string[]) => ['node', ...argv.slice(1)];

describe.each(users)('a sandbox of a worker that is %s', (user) => {
  let starter: Starter;
  let secret: string;
  const servers: Server[] = [];
  beforeAll(async () => {
    starter = await openStarter(
      { provider: 'bubblewrap', title: user, user },
      { env: { WORKER_SECRET: 'of-the-worker' } },
    );
    const folder = await starter.makeFolder('host');
    secret = join(folder, 'secret');
    await writeFile(secret, 'of-the-host');
    await chmod(secret, 0o644);
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await starter.close();
  });

  describe('hides the host', () => {
    it('has none of its files', async () => {
      expect((await starter.outside(['cat', secret])).stdout).toBe('of-the-host');
      expect((await starter.inside(['cat', secret])).end).toEqual({ kind: 'exited', code: 1 });
      const { stdout } = await starter.inside(['sh', '-c', 'ls /; ls /etc /home']);
      expect(stdout).not.toMatch(/^(root|var|opt|srv|mnt|sys|boot|shadow|ssh|hostname|environment)$/m);
    });

    it("has nothing of the worker's environment", async () => {
      const worker = starter.process.pid;
      expect((await starter.outside(['cat', `/proc/${worker}/environ`])).stdout).toContain('of-the-worker');
      const { stdout } = await starter.inside(['sh', '-c', 'cat /proc/*/environ']);
      expect(stdout).toContain('HOME=/home/agent');
      expect(stdout).not.toContain('WORKER_SECRET');
    });

    it('names no path of the host in its first process', async () => {
      const { stdout } = await starter.inside(['cat', '/proc/1/cmdline']);
      expect(stdout).toContain('tini');
      expect(stdout).not.toContain(starter.folder);
      expect(stdout).not.toContain('bwrap');
    });

    it('sees only its own processes', async () => {
      const script = 'ls /proc | grep -c "^[0-9]"';
      expect(Number((await starter.outside(['sh', '-c', script])).stdout)).toBeGreaterThan(5);
      expect(Number((await starter.inside(['sh', '-c', script])).stdout)).toBeLessThan(6);
    });

    it('gets no open file that the worker was started with', async () => {
      const file = await open(secret);
      const other = await openStarter({ provider: 'bubblewrap', title: user, user }, { openFile: file.fd });
      try {
        const argv = ['sh', '-c', 'cat /proc/self/fd/40'];
        expect((await other.outside(argv)).stdout).toBe('of-the-host');
        expect((await other.inside(argv)).stdout).toBe('');
        const { stdout } = await other.inside(['sh', '-c', 'for fd in /proc/1/fd/*; do readlink $fd; done']);
        expect(stdout).not.toContain('secret');
      } finally {
        await other.close();
        await file.close();
      }
    });
  });

  describe('has no network', () => {
    it("cannot reach the host's loopback", async () => {
      const port = await listen(servers, { host: '127.0.0.1', port: 0 });
      const argv = connectTo(`${port}, "127.0.0.1"`);
      expect((await starter.outside(argv)).stdout).toBe('connected\n');
      expect((await starter.inside(insideNode(argv))).stdout).toBe('refused\n');
    });

    it("cannot reach the host's abstract sockets", async () => {
      const name = `\\0gatepilot-test-${process.pid}-${user.length}`;
      await listen(servers, { path: name.replace('\\0', '\0') });
      const argv = connectTo(`{ path: "${name}" }`);
      expect((await starter.outside(argv)).stdout).toBe('connected\n');
      expect((await starter.inside(insideNode(argv))).stdout).toBe('refused\n');
    });

    it('has no interface but its own loopback', async () => {
      const script = 'console.log(Object.keys(require("os").networkInterfaces()).join())';
      expect((await starter.inside(['node', '-e', script])).stdout).toMatch(/^(lo)?\n$/);
    });

    it('cannot open sockets that no network namespace holds', async () => {
      const vsock = openSocket(40, 1, 0);
      if (existsSync('/dev/vsock')) expect((await starter.outside(vsock)).stdout).toBe('done');
      expect((await starter.inside(vsock)).stdout).toBe(String(noSuchFamily));
      const packetFilter = openSocket(16, 3, 12);
      expect((await starter.inside(packetFilter)).stdout).toBe(String(noSuchFamily));
      const interfaces = openSocket(16, 3, 0);
      expect((await starter.inside(interfaces)).stdout).toBe('done');
    });
  });

  describe('keeps the kernel closed', () => {
    it("cannot read the worker's keyring", async () => {
      const sessionKeyring = -3;
      const argv = systemCall(calls.denied.keyctl, 0, sessionKeyring, 0);
      expect((await starter.outside(argv)).stdout).toBe('done');
      expect((await starter.inside(argv)).stdout).toBe(String(notPermitted));
    });

    it('cannot trace processes', async () => {
      const argv = systemCall(calls.denied.ptrace, 0, 0, 0, 0);
      expect((await starter.outside(argv)).stdout).toBe('done');
      expect((await starter.inside(argv)).stdout).toBe(String(notPermitted));
    });

    it('cannot use io_uring', async () => {
      const argv = systemCall(calls.denied.io_uring_setup, 1, '$room');
      expect((await starter.outside(argv)).stdout).toBe((await isIoUringDisabled()) ? String(notPermitted) : 'done');
      expect((await starter.inside(argv)).stdout).toBe(String(notPermitted));
    });

    it('cannot make namespaces', async () => {
      expect((await starter.outside(['unshare', '-Ur', 'true'])).end).toEqual({ kind: 'exited', code: 0 });
      expect((await starter.inside(['unshare', '-Ur', 'true'])).end).toEqual({ kind: 'exited', code: 1 });
      const childSignal = 17;
      const newUser = 0x10000000;
      const clone = systemCall(calls.clone, newUser | childSignal, 0, 0, 0, 0);
      expect((await starter.outside(clone)).stdout).toContain('done');
      expect((await starter.inside(clone)).stdout).toBe(String(notPermitted));
    });

    it('cannot mount', async () => {
      const mount = ['mount', '-t', 'tmpfs', 'none', '/tmp'];
      expect((await starter.outside(['unshare', '-Urm', ...mount])).end).toEqual({ kind: 'exited', code: 0 });
      expect((await starter.inside(mount)).end).not.toEqual({ kind: 'exited', code: 0 });
    });

    it('cannot open settings of the kernel for writing', async () => {
      const script = 'require("fs").openSync("/proc/sys/kernel/core_pattern", "r+")';
      const outside = (await starter.outside([process.execPath, '-e', script])).end;
      if (user === 'root') expect(outside).toEqual({ kind: 'exited', code: 0 });
      expect((await starter.inside(['node', '-e', script])).stderr).toMatch(/EACCES|EROFS/);
    });

    it('cannot put characters into a terminal', async () => {
      const pushCharacter = ['perl', '-e', '$c = "x"; ioctl(STDIN, 0x5412, $c) or print $! + 0'];
      const noTerminal = 25;
      expect((await starter.outside(pushCharacter)).stdout).toBe(String(noTerminal));
      expect((await starter.inside(pushCharacter)).stdout).toBe(String(notPermitted));
    });

    it('ends a program that calls by another interface of the processor', async () => {
      const getPid = 0x40000000 + 39;
      const argv = systemCall(getPid);
      if (process.arch !== 'x64') return;
      expect((await starter.outside(argv)).end).toEqual({ kind: 'exited', code: 0 });
      expect((await starter.inside(argv)).end).toEqual({ kind: 'signalled', signal: 'SIGSYS' });
    });

    it("does not reach the host's crash handler", async () => {
      const { stdout } = await starter.inside(['grep', 'Max core file size', '/proc/self/limits']);
      expect(stdout).toMatch(/size\s+1\s+1\s+bytes/);
    });

    it('has no privilege', async () => {
      const { stdout } = await starter.inside(['grep', '-E', '^(Cap|NoNewPrivs|Seccomp:)', '/proc/self/status']);
      expect(stdout.match(/^Cap\w+:\s*0+$/gm)).toHaveLength(5);
      expect(stdout).toMatch(/^NoNewPrivs:\s*1$/m);
      expect(stdout).toMatch(/^Seccomp:\s*2$/m);
    });
  });

  it('can write nowhere but to its own folders, and there not without end', async () => {
    for (const path of ['/', '/usr', '/etc', '/run', '/home', '/dev', '/run/gatepilot']) {
      expect((await starter.inside(['touch', `${path}/new`])).end, path).toEqual({ kind: 'exited', code: 1 });
    }
    for (const path of ['/dev/shm', '/tmp', '/home/agent']) {
      const fill = ['dd', 'if=/dev/zero', `of=${path}/new`, 'bs=1M', 'count=100'];
      const limits = { memoryBytes: 128 * 1024 * 1024 };
      expect((await starter.inside(fill, { limits })).stderr, path).toContain('No space left');
    }
  });
});

async function listen(servers: Server[], where: { host: string; port: number } | { path: string }): Promise<number> {
  const server = createServer((connection) => connection.on('error', () => undefined));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(where, resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function isIoUringDisabled(): Promise<boolean> {
  return (await readFile('/proc/sys/kernel/io_uring_disabled', 'utf8').catch(() => '0')).trim() !== '0';
}
