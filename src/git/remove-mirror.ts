import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mirrorPath } from './mirror-path.ts';

/** Out of the way in one step, then removed; what an earlier removal left behind goes with it. Absent is removed. */
export async function removeMirror(folder: string, key: string): Promise<void> {
  const { path, lock } = mirrorPath(folder, { key });
  const prefix = `.removed-${basename(path)}-`;
  await rename(path, join(dirname(path), `${prefix}${randomUUID()}`)).catch(unlessAbsent);
  const names = (await readdir(dirname(path)).catch(unlessAbsent)) ?? [];
  for (const name of names.filter((each) => each.startsWith(prefix)))
    await rm(join(dirname(path), name), { recursive: true, force: true, maxRetries: 3 });
  await rm(lock, { force: true });
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
