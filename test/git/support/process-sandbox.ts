// A stand-in for a sandbox: plain child processes with NO isolation whatsoever, for tests about git and not about
// sandboxes. Only /workspace is translated.
import { spawn } from 'node:child_process';
import type { ProcessEnd, Sandbox, SandboxProcess } from '../../../src/engine/port/sandbox.ts';

export interface ProcessSandbox extends Sandbox {
  readonly isDisposed: () => boolean;
}

export function openProcessSandbox(workspace: string, scratch: string): ProcessSandbox {
  let disposed = false;
  const running = new Set<SandboxProcess>();
  const killAll = async () => {
    await Promise.all([...running].map((child) => child.kill()));
  };
  return {
    id: 'stand-in',
    isDisposed: () => disposed,
    spawn: (argv, options) => {
      const child = startProcess(argv, {
        cwd: options?.cwd === '/workspace' ? workspace : (options?.cwd ?? workspace),
        env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: scratch, TMPDIR: scratch, ...options?.env },
      });
      running.add(child);
      void child.end.then(() => running.delete(child));
      return child;
    },
    kill: killAll,
    dispose: async () => {
      disposed = true;
      await killAll();
    },
  };
}

function startProcess(argv: readonly string[], options: { cwd: string; env: Record<string, string> }): SandboxProcess {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const end = new Promise<ProcessEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve(code === null ? { kind: 'signalled', signal: signal ?? 'unknown' } : { kind: 'exited', code }),
    );
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    end,
    kill: async () => {
      child.kill('SIGKILL');
      await end;
    },
  };
}
