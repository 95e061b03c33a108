// The last level, for hosts that give us no control groups: memory is limited by looking often and killing. Not seen is what
// the kernel keeps for processes beside their pages and files (full pipes and sockets, tables), and what is shared between
// processes of one tree and mapped by none just now.
import { stat, statfs } from 'node:fs/promises';
import { inside } from '../inside.ts';
import { readDescendants, readProcess, readText } from '../process-facts.ts';
import type { MemoryGroup, MemoryLevel } from './limit-level.ts';

export const rlimitLevel: MemoryLevel = {
  kind: 'rlimit',
  memory: 'soft',
  holdsStart: false,
  pollMs: 100,
  open: async (memoryBytes) => new WatchedGroup(memoryBytes),
};

class WatchedGroup implements MemoryGroup {
  readonly #memoryBytes: number;
  readonly #roots = new Set<number>();
  #breaches = 0;
  #heldBytes = 0;

  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes;
  }

  async attach(pid: number): Promise<void> {
    this.#roots.add(pid);
  }

  async countMemoryBreaches(): Promise<number> {
    for (const pid of this.#roots) {
      if (!readProcess(pid)) this.#roots.delete(pid);
    }
    if (this.#roots.size === 0) this.#heldBytes = 0;
    else if (await this.#isOver()) this.#breaches += 1;
    return this.#breaches;
  }

  noteHeldMemory(bytes: number, pids: readonly number[]): void {
    // What was kept by those that are gone meanwhile is gone with them.
    if (pids.some((pid) => this.#roots.has(pid))) this.#heldBytes = bytes;
  }

  async close(): Promise<void> {
    this.#roots.clear();
  }

  async #isOver(): Promise<boolean> {
    const processes = readDescendants([...this.#roots]);
    const fileBytes = this.#heldBytes + (await sum([...this.#roots].map(readScratchBytes)));
    // The cheap figure counts shared pages once per process, so it is only believed when it says that all is well.
    if (total(processes.map(readResident), fileBytes) <= this.#memoryBytes) return false;
    return total(processes.map(readShare), fileBytes) > this.#memoryBytes;
  }
}

interface Usage {
  readonly ownBytes: number;
  readonly sharedBytes: number;
}

/** Files in memory may be mapped as well: counted once, as the larger figure. */
function total(usages: readonly Usage[], fileBytes: number): number {
  const ownBytes = usages.reduce((bytes, usage) => bytes + usage.ownBytes, 0);
  const sharedBytes = usages.reduce((bytes, usage) => bytes + usage.sharedBytes, 0);
  return ownBytes + Math.max(sharedBytes, fileBytes);
}

function readResident(pid: number): Usage {
  return parseUsage(readText(`/proc/${pid}/status`), 'RssAnon', 'RssShmem');
}

/** Pages that several processes share are divided among them: exact, and slow to read. */
function readShare(pid: number): Usage {
  const usage = parseUsage(readText(`/proc/${pid}/smaps_rollup`), 'Pss_Anon', 'Pss_Shmem');
  return usage.ownBytes > 0 ? usage : readResident(pid);
}

function parseUsage(text: string | undefined, own: string, shared: string): Usage {
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '')?.[1] ?? 0) * 1024;
  return { ownBytes: read(own), sharedBytes: read(shared) };
}

/** Files in the memory file systems of a sandbox, which belong to no process. Without isolation some are the host's. */
async function readScratchBytes(root: number): Promise<number> {
  return await sum(
    [inside.temporary, inside.home, inside.sharedMemory].map(async (folder) => {
      const path = `/proc/${root}/root${folder}`;
      const [own, hosts] = await Promise.all([readDevice(path), readDevice(folder)]);
      if (own === undefined || own === hosts) return 0;
      const usage = await statfs(path).catch(() => undefined);
      return usage ? (usage.blocks - usage.bfree) * usage.bsize : 0;
    }),
  );
}

async function readDevice(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.dev;
}

async function sum(values: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(values)).reduce((result, value) => result + value, 0);
}
