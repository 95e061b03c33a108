// Memory that processes share by a number (System V), which stays without any of them until somebody removes it.
import { readlinkSync } from 'node:fs';
import type { RunTool } from '../../../subprocess/run-tool.ts';
import { readText } from '../process-facts.ts';

/** Bytes by number. */
export type Segments = ReadonlyMap<string, number>;

const list = '/proc/sysvipc/shm';

export class SegmentReader {
  readonly #runTool: RunTool;
  /** Spaces of numbers that this process may not enter. */
  readonly #closed = new Set<string>();

  constructor(runTool: RunTool) {
    this.#runTool = runTool;
  }

  async read(pids: readonly number[]): Promise<Segments> {
    const own = readSpace('self');
    const spaces = new Map(pids.map((pid) => [readSpace(pid), pid]));
    const segments = new Map<string, number>();
    for (const [space, pid] of spaces) {
      if (space === undefined || this.#closed.has(space)) continue;
      const text = space === own ? readText(list) : await this.#readOther(space, pid);
      // Where the space is this machine's, others have segments in it as well.
      const makers = space === own ? pids : undefined;
      for (const { id, bytes } of parseSegments(text ?? '', makers)) segments.set(id, (segments.get(id) ?? 0) + bytes);
    }
    return segments;
  }

  async #readOther(space: string, pid: number): Promise<string | undefined> {
    // What belongs to namespaces that this user made is this user's to enter.
    const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
    try {
      return await this.#runTool('nsenter', [...user, '--ipc', '--target', String(pid), '--', 'cat', list]);
    } catch {
      if (readText(`/proc/${pid}/stat`) !== undefined) this.#closed.add(space);
      return undefined;
    }
  }
}

function readSpace(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/ipc`);
  } catch {
    return undefined;
  }
}

function parseSegments(text: string, makers: readonly number[] | undefined): { id: string; bytes: number }[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.trim().split(/\s+/);
  return lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const read = (name: string) => Number(fields[names.indexOf(name)]);
    if (makers && !makers.includes(read('cpid'))) return [];
    return [{ id: String(read('shmid')), bytes: read('rss') + read('swap') }];
  });
}
