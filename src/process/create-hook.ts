// Runs a program of the operator before something happens: what is about to happen comes as JSON on its stdin. It ends
// with 0 to let it happen; anything else, and no end at all, says no.
import { spawn } from 'node:child_process';
import type { HookAnswer, HookPort } from '../engine/port/hook.ts';

const timeoutMs = 30_000;
const outputAtMost = 500;

/** `environment` is all that the program gets of ours. */
export function createHook(path: string, environment: Readonly<Record<string, string | undefined>>): HookPort {
  return {
    run: (facts) =>
      new Promise<HookAnswer>((resolve) => {
        const child = spawn(path, [], {
          env: environment,
          stdio: ['pipe', 'ignore', 'pipe'],
          timeout: timeoutMs,
          killSignal: 'SIGKILL',
        });
        let errors = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          errors = (errors + text).slice(0, outputAtMost);
        });
        // One that does not read what it is told may end before it is written.
        child.stdin.on('error', () => undefined);
        child.stdin.end(`${JSON.stringify(facts)}\n`);
        child.once('error', (error) => resolve({ kind: 'failed', why: `it could not be run (${error.message})` }));
        child.once('close', (code, signal) => {
          if (code === 0) return resolve({ kind: 'passed' });
          const end = code === null ? `it was ended by ${signal}` : `it exited with ${code}`;
          resolve({ kind: 'failed', why: errors.trim() === '' ? end : `${end}: ${errors.trim()}` });
        });
      }),
  };
}
