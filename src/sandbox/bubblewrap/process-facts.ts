// What /proc says about processes of this host.
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFacts {
  readonly parent: number;
  /** In ticks since boot: tells a process from a later one with the same number. */
  readonly startTime: string;
  readonly isZombie: boolean;
}

export function readProcess(pid: number): ProcessFacts | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything, parentheses and spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { isZombie: fields[0] === 'Z', parent: Number(fields[1]), startTime: fields[19] ?? '' };
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
