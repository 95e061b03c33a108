// The last level, for hosts that give us no control groups: memory is limited by looking often and killing. What no process has mapped (a memory file that was only
// written) is not seen, so a determined program can take more.
import { stat, statfs } from 'node:fs/promises';
import { inside } from '../inside.ts';
import { readDescendants, readProcess, readText } from '../process-facts.ts';
import type { LimitGroup, LimitLevel } from './limit-level.ts';

export const rlimitLevel: LimitLevel = {
  kind: 'rlimit',
  memory: 'soft',
  holdsStart: false,
  pollMs: 100,
  open: async (memoryBytes) => new WatchedGroup(memoryBytes),
};

class WatchedGroup implements LimitGroup {
  readonly #memoryBytes: number;
  readonly #roots = new Set<number>();
  #breaches = 0;

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
    if (this.#roots.size > 0 && (await this.#isOver())) this.#breaches += 1;
    return this.#breaches;
  }

  async close(): Promise<void> {
    this.#roots.clear();
  }

  async #isOver(): Promise<boolean> {
    const processes = readDescendants([...this.#roots]);
    const scratchBytes = await sum([...this.#roots].map(readScratchBytes));
    // The cheap figure counts shared pages once per process, so it is only believed when it says that all is well.
    if (total(processes.map(readResident), scratchBytes) <= this.#memoryBytes) return false;
    return total(processes.map(readShare), scratchBytes) > this.#memoryBytes;
  }
}

interface Usage {
  readonly ownBytes: number;
  readonly sharedBytes: number;
}

/** Files in a memory file system may be mapped as well: counted once, as the larger figure. */
function total(usages: readonly Usage[], scratchBytes: number): number {
  const ownBytes = usages.reduce((bytes, usage) => bytes + usage.ownBytes, 0);
  const sharedBytes = usages.reduce((bytes, usage) => bytes + usage.sharedBytes, 0);
  return ownBytes + Math.max(sharedBytes, scratchBytes);
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
