// Whose a container or a folder is: its name tells the process that made it, so that whoever comes next knows what the
// dead left. A number of a process says nothing in another process namespace, where what is not ours is left alone.
import { readlinkSync } from 'node:fs';
import { readProcess } from '../bubblewrap/process-facts.ts';

const prefix = 'gatepilot';
let made = 0;

/** A name that nobody had before. */
export function nameOwned(): string {
  made += 1;
  return `${renderOwner(process.pid)}-${made}`;
}

export function isAbandoned(name: string): boolean {
  const owner = Number(/^gatepilot-\d+-(\d+)-\d+-\d+$/.exec(name)?.[1]);
  return owner > 0 && name.startsWith(`${prefix}-${readNamespace()}-`) && !name.startsWith(`${renderOwner(owner)}-`);
}

function renderOwner(pid: number): string {
  return `${prefix}-${readNamespace()}-${pid}-${readProcess(pid)?.startTime ?? 0}`;
}

function readNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}
