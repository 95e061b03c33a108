// A program in place of an agent, in no sandbox: what it does to the driver is all that is looked at.
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { AgentSpec } from '../../src/engine/port/agent.ts';
import type { ProcessEnd } from '../../src/engine/port/sandbox.ts';

export function toSpawn(program: string, onStart = (_stdin: Writable) => {}): AgentSpec['spawn'] {
  return () => {
    const child = spawn(process.execPath, ['-e', program], { env: {}, detached: true, stdio: 'pipe' });
    onStart(child.stdin);
    let killed = false;
    const end = new Promise<ProcessEnd>((resolve) => {
      child.on('close', (code) =>
        resolve(killed ? { kind: 'killed', reason: 'stopped' } : { kind: 'exited', code: code ?? -1 }),
      );
    });
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      end,
      kill: async () => {
        killed = child.exitCode === null;
        child.kill('SIGKILL');
        await end;
      },
    };
  };
}
