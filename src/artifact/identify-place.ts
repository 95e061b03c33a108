import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The name of a place for artifacts, kept in it: whoever reads the same name sees the same files, however it is mounted. A
 * folder that was copied with its files has the name of the other one.
 */
export async function identifyPlace(folder: string): Promise<string> {
  const path = join(folder, 'place');
  const known = await readFile(path, 'utf8').catch(unless('ENOENT'));
  if (known) return known.trim();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `.place-${randomUUID()}`);
  try {
    await writeFile(partial, `${randomUUID()}\n`, { mode: 0o600, flush: true });
    // Whole or not at all, and whoever comes second takes what is there; some file systems know no such link.
    await link(partial, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') await writeFile(path, `${randomUUID()}\n`, { flag: 'wx' }).catch(unless('EEXIST'));
    });
  } finally {
    await rm(partial, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}

function unless(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
