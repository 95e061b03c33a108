// How the memory limit is held for a whole sandbox. Processes, files and processor time need no more than the resource
// limits that every process tree sets for itself. Which level a host offers is found out at start.
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

export interface LimitGroup {
  /** Puts a process and everything that it will start under the limits. */
  attach(pid: number): Promise<void>;
  /** How often the memory limit was reached since the group was opened. */
  countMemoryBreaches(): Promise<number>;
  /** Expects that every process is dead. */
  close(): Promise<void>;
}
