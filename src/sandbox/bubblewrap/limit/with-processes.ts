// Adds to a way of holding memory what is looked at in the same way everywhere: who is in a group, and for how long its
// processes have computed.
import { readDescendants, readProcess } from '../process-facts.ts';
import { findProcessorMeter } from './cgroup-v2.ts';
import type { LimitGroup, LimitLevel, MemoryGroup, MemoryLevel } from './limit-level.ts';
import { ProcessorLedger } from './processor-ledger.ts';

export function withProcesses(level: MemoryLevel): LimitLevel {
  return { ...level, open: async (memoryBytes) => new ProcessGroup(level, await level.open(memoryBytes)) };
}

class ProcessGroup implements LimitGroup {
  readonly #level: MemoryLevel;
  readonly #inner: MemoryGroup;
  /** With the moment of their start, which tells them from later ones with the same number. */
  readonly #roots = new Map<number, string>();
  readonly #ledger = new ProcessorLedger();
  readonly noteHeldMemory: MemoryGroup['noteHeldMemory'];
  #meter: (() => number) | undefined;

  constructor(level: MemoryLevel, inner: MemoryGroup) {
    this.#level = level;
    this.#inner = inner;
    this.noteHeldMemory = inner.noteHeldMemory?.bind(inner);
  }

  async attach(pid: number): Promise<void> {
    const facts = readProcess(pid);
    if (facts) this.#roots.set(pid, facts.startTime);
    await this.#inner.attach(pid);
    if (this.#level.kind === 'cgroup-v2') this.#meter ??= findProcessorMeter(pid);
  }

  countMemoryBreaches(): Promise<number> {
    return this.#inner.countMemoryBreaches();
  }

  readProcesses(): readonly number[] {
    for (const [pid, startTime] of this.#roots) {
      if (readProcess(pid)?.startTime !== startTime) this.#roots.delete(pid);
    }
    return this.#roots.size === 0 ? [] : readDescendants([...this.#roots.keys()]);
  }

  readProcessorSeconds(): number {
    if (this.#meter) return this.#meter();
    return this.#ledger.note(this.readProcesses());
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
