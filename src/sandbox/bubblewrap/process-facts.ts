// What /proc says about processes of this host.
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFacts {
  readonly parent: number;
  /** In ticks since boot: tells a process from a later one with the same number. */
  readonly startTime: string;
  readonly isZombie: boolean;
}

export function readProcess(pid: number): ProcessFacts | undefined {
  const fields = readFields(pid);
  return fields && { isZombie: fields[0] === 'Z', parent: Number(fields[1]), startTime: fields[19] ?? '' };
}

/** From the state of a process on. */
function readFields(pid: number): readonly string[] | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in parentheses may hold anything, parentheses and spaces too.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export interface ProcessorTime {
  /** Tells a process from every other one. */
  readonly key: string;
  /** In ticks: its own, and that of children that ended and that it waited for. */
  readonly own: number;
  readonly collected: number;
}

export function readProcessorTime(pid: number): ProcessorTime | undefined {
  const fields = readFields(pid);
  if (!fields) return undefined;
  const [own = 0, ownSystem = 0, collected = 0, collectedSystem = 0] = fields.slice(11, 15).map(Number);
  return { key: `${pid} ${fields[19]}`, own: own + ownSystem, collected: collected + collectedSystem };
}

/** These processes and everything that descends from them. */
export function readDescendants(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const facts = readProcess(pid);
    if (!facts) continue;
    const siblings = children.get(facts.parent);
    if (siblings) siblings.push(pid);
    else children.set(facts.parent, [pid]);
  }
  const found = [...roots];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** A file of /proc; undefined when the process is gone or not ours to look at. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
