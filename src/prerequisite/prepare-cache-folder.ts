import { lstat, mkdir } from 'node:fs/promises';
import type { Problem } from './prerequisite.ts';

/** Programs are run from this folder, so nobody but its owner may write to it. Returns what is wrong, or nothing. */
export async function prepareCacheFolder(folder: string): Promise<Problem | undefined> {
  const mend = 'Name a folder that belongs to you and that only you can write to.';
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const state = await lstat(folder);
    if (!state.isDirectory()) return { what: `The cache folder ${folder} is a link or a file.`, mend };
    const uid = process.getuid?.();
    if (uid !== undefined && state.uid !== uid) return { what: `The cache folder ${folder} is not yours.`, mend };
    if ((state.mode & 0o022) !== 0) {
      return { what: `The cache folder ${folder} can be written to by others.`, mend: `Run "chmod go-w ${folder}".` };
    }
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { what: `The cache folder ${folder} cannot be used: ${why}.`, mend };
  }
}
