import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../engine/remove-tree.ts';

/** Removes the entries of a folder that were last changed longer ago than `ageMs`. */
export async function removeStale(folder: string, ageMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts && Date.now() - facts.mtimeMs > ageMs) await removeTree(path);
  }
}
