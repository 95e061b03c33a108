import { Readable, Writable } from 'node:stream';
import type { ProcessEnd, SandboxProcess } from '../../engine/port/sandbox.ts';

/** A process that never ran, for callers that only look at how it ended. */
export function createEndedProcess(end: Promise<ProcessEnd>): SandboxProcess {
  // Whoever does not ask how it ended must not be brought down by it.
  end.catch(() => undefined);
  return {
    stdin: new Writable({ write: (_chunk, _encoding, done) => done() }),
    stdout: Readable.from([]),
    stderr: Readable.from([]),
    end,
    kill: async () => undefined,
  };
}
