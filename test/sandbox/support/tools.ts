import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxTools } from '../../../src/sandbox/bubblewrap/host.ts';

const folders = ['/usr/bin', '/usr/local/bin', '/bin'];

export const tools: SandboxTools = { bwrap: find('bwrap'), tini: find('tini'), prlimit: find('prlimit') };

function find(name: string): string {
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (!path) throw new Error(`${name} is not installed, and these tests need the real one`);
  return path;
}
