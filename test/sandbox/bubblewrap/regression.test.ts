// Holes that a launch with the obvious options has, where no attempt without a sandbox could be shown to succeed: what
// they would open is closed to most processes anyway, or does harm to the machine itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStarter, type Starter } from '../support/starter.ts';
import { users } from '../support/subject.ts';

const notPermitted = 1;

describe.each(users)('a sandbox of bubblewrap, of a worker that is %s', (user) => {
  let starter: Starter;
  beforeAll(async () => {
    starter = await openStarter({ provider: 'bubblewrap', title: user, user });
  });
  afterAll(() => starter.close());

  it('cannot open settings of the kernel for writing, which the real root can', async () => {
    const script = 'require("fs").openSync("/proc/sys/kernel/core_pattern", "r+")';
    const outside = (await starter.outside(['node', '-e', script])).end;
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
    const argv = ['perl', '-e', `syscall(${getPid})`];
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

  it('has nothing of the host but what every host has', async () => {
    const { stdout } = await starter.inside(['sh', '-c', 'ls /; ls /etc /home']);
    expect(stdout).not.toMatch(/^(root|var|opt|srv|mnt|sys|boot|shadow|ssh|hostname|environment)$/m);
    const { stdout: first } = await starter.inside(['cat', '/proc/1/cmdline']);
    expect(first).toContain('tini');
    expect(first).not.toContain('bwrap');
  });

  it('can write nowhere but to its own folders', async () => {
    for (const path of ['/', '/usr', '/etc', '/run', '/home', '/dev', '/run/gatepilot']) {
      expect((await starter.inside(['touch', `${path}/new`])).end, path).toEqual({ kind: 'exited', code: 1 });
    }
  });
});
