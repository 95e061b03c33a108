import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private folder with a short path: the path of a unix socket has 107 bytes at most. */
export async function shortFolder(name: string): Promise<string> {
  const folder = join(tmpdir(), `gatepilot-${name}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
