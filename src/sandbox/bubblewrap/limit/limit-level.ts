// How the memory limit is held for a whole sandbox. Processes, single files and the processor time of single processes need
// no more than the resource limits that every process tree sets for itself; what they take together is looked at in the
// same way at every level. Which level a host offers is found out at start.
import type { Enforcement } from '../../../engine/port/sandbox.ts';

export interface LimitLevel {
  readonly kind: 'cgroup-v2' | 'cgroup-v1' | 'rlimit';
  readonly memory: Enforcement;
  /** Whether a process has to wait at its start until it is attached. */
  readonly holdsStart: boolean;
  /** How often the memory breaches of a group are worth counting. */
  readonly pollMs: number;
  open(memoryBytes: number): Promise<LimitGroup>;
}

export interface LimitGroup extends MemoryGroup {
  /** Who was attached and lives, and everything that descends from them. */
  readProcesses(): readonly number[];
  /** Of all of them since the group was opened, also of those that have ended. */
  readProcessorSeconds(): number;
}

export interface MemoryLevel extends Omit<LimitLevel, 'open'> {
  open(memoryBytes: number): Promise<MemoryGroup>;
}

export interface MemoryGroup {
  /** Puts a process and everything that it will start under the limits. */
  attach(pid: number): Promise<void>;
  /** How often the memory limit was reached since the group was opened. */
  countMemoryBreaches(): Promise<number>;
  /** What these processes keep in memory as files without a name; only where the kernel does not count it. */
  readonly noteHeldMemory?: ((bytes: number, pids: readonly number[]) => void) | undefined;
  /** Expects that every process is dead. */
  close(): Promise<void>;
}
