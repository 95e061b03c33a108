// Stands in for a sandbox where none is needed: plain child processes that find the driver's inside paths on the host.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import type { AgentDriver, AgentSpec } from '../../src/engine/port/agent.ts';
import type { ProcessEnd, SandboxProcess } from '../../src/engine/port/sandbox.ts';

export interface LocalProcesses {
  readonly spawn: AgentSpec['spawn'];
  readonly pids: readonly number[];
  readonly argvs: readonly (readonly string[])[];
  killAll(): Promise<void>;
}

export function createLocalProcesses(driver: AgentDriver, folder: { home: string; workspace: string }): LocalProcesses {
  const started: SandboxProcess[] = [];
  const pids: number[] = [];
  const argvs: (readonly string[])[] = [];
  return {
    pids,
    argvs,
    spawn(argv, options) {
      argvs.push(argv);
      const [program = '', ...rest] = argv.map((argument) => toHostPath(driver, argument));
      const child = spawn(program, rest, {
        cwd: options?.cwd ?? folder.workspace,
        env: {
          PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
          HOME: folder.home,
          TMPDIR: folder.home,
          ...driver.env,
          ...options?.env,
        },
        detached: true,
        stdio: 'pipe',
      });
      const { pid } = child;
      if (pid !== undefined) pids.push(pid);
      let killed = false;
      const end = once(child, 'close').then(([code, signal]): ProcessEnd => {
        if (killed) return { kind: 'killed', reason: 'stopped' };
        return code === null ? { kind: 'signalled', signal } : { kind: 'exited', code };
      });
      const handle: SandboxProcess = {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        end,
        async kill() {
          killed = child.exitCode === null && child.signalCode === null;
          try {
            if (pid !== undefined) process.kill(-pid, 'SIGKILL');
          } catch {
            // The whole group is gone already.
          }
          await end;
        },
      };
      started.push(handle);
      return handle;
    },
    async killAll() {
      await Promise.all(started.map((handle) => handle.kill()));
    },
  };
}

function toHostPath(driver: AgentDriver, argument: string): string {
  const mount = driver.mounts.find(({ target }) => argument.startsWith(`${target}/`));
  return mount ? mount.source + argument.slice(mount.target.length) : argument;
}
