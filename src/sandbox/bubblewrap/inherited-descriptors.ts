// Open files that this process got from whoever started it and that every child would get as well. Node closes none
// of them, and neither does bubblewrap: without care they are open inside of every sandbox.
import { readdirSync } from 'node:fs';
import { readText } from './process-facts.ts';

const closeOnExec = 0o2000000;

/** Read once at start: what this process opens itself is closed in its children. */
export function readInheritedDescriptors(): readonly number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && !isClosedInChildren(descriptor));
}

function isClosedInChildren(descriptor: number): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(readText(`/proc/self/fdinfo/${descriptor}`) ?? '')?.[1];
  // Already closed again: the folder listing itself.
  if (flags === undefined) return true;
  return (Number.parseInt(flags, 8) & closeOnExec) !== 0;
}
