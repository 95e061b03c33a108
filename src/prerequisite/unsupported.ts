import type { Need, Problem } from './prerequisite.ts';

const kernelNames: Readonly<Record<string, string>> = { darwin: 'macOS', win32: 'Windows' };

/** What no installation can mend: the sandbox and the lock of the built-in Redis are the Linux kernel's. */
export function decideUnsupported(platform: string, needs: readonly Need[]): Problem[] {
  if (platform === 'linux') return [];
  const here = kernelNames[platform] ?? platform;
  const problems: Problem[] = [];
  if (needs.includes('bubblewrap')) {
    problems.push({
      what: `The sandbox for agents needs Linux, and this is ${here}.`,
      mend: 'Run this in a Linux virtual machine (on Windows: WSL 2), or run the workers on a Linux host.',
    });
  }
  if (needs.includes('redis')) {
    problems.push({
      what: `The built-in Redis needs Linux, and this is ${here}.`,
      mend: 'Start a Redis or Valkey server yourself and set REDIS_URL.',
    });
  }
  return problems;
}
