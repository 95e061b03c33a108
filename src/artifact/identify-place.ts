import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of a place for artifacts, kept in it: whoever reads the same name sees the same files, however it is mounted. */
export async function identifyPlace(folder: string): Promise<string> {
  const path = join(folder, 'place');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `.place-${randomUUID()}`);
  await writeFile(partial, `${randomUUID()}\n`, { mode: 0o600, flush: true });
  try {
    await link(partial, path).catch(unlessThere);
  } finally {
    await rm(partial, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
