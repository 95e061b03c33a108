// What bubblewrap reports about a start: the process that is PID 1 inside, and later the exit code. There is no exit
// code when the sandbox itself could not be set up.
import type { Readable } from 'node:stream';
import { z } from 'zod';

export type LaunchStatus =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ended'; readonly code: number };

const Line = z.union([
  z.object({ 'child-pid': z.number().int().positive() }).transform((line) => started(line['child-pid'])),
  z.object({ 'exit-code': z.number().int() }).transform((line) => ended(line['exit-code'])),
]);

/** Ends when bubblewrap ends. Throws when the stream breaks, or holds something else. */
export async function* readLaunchStatus(source: Readable): AsyncGenerator<LaunchStatus> {
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield Line.parse(JSON.parse(line));
  }
}

function started(pid: number): LaunchStatus {
  return { kind: 'started', pid };
}

function ended(code: number): LaunchStatus {
  return { kind: 'ended', code };
}
