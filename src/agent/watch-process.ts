// How the process of an agent ends, whatever protocol it speaks.
import type { SandboxProcess } from '../engine/port/sandbox.ts';
import { renderProcessEnd, withErrors } from './process-end.ts';
import { cleanText, keepTail } from './text-tail.ts';

export interface WatchedProcess {
  /** Resolves with a sentence when the process has ended. */
  readonly ended: Promise<string>;
  /** Asks the process to end, and ends it by force after `graceMs`. */
  close(graceMs: number): Promise<void>;
  kill(): Promise<void>;
}

export function watchProcess(process: SandboxProcess): WatchedProcess {
  const readErrors = keepTail(process.stderr, 400);
  // Writing to a process that has just ended fails; its end is what is reported.
  process.stdin.on('error', () => {});
  const ended = process.end.then(
    (end) => withErrors(`the agent ${renderProcessEnd(end)}`, readErrors()),
    (error: unknown) => `the agent could not be run: ${cleanText(String(error), 400)}`,
  );
  return {
    ended,
    async close(graceMs) {
      process.stdin.end();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([ended, promise]);
      clearTimeout(timer);
      await process.kill();
    },
    kill: () => process.kill(),
  };
}
