import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Identity } from './identity-pool.ts';

const passBit = 0o1;
const readBit = 0o4;

/** The folder on the way to an absolute path that `identity` may not pass through, judged by mode bits alone. */
export async function findClosedFolder(path: string, identity: Identity): Promise<string | undefined> {
  const folder = dirname(path);
  if (folder === path) return undefined;
  const above = await findClosedFolder(folder, identity);
  if (above !== undefined) return above;
  return (await allows(folder, identity, passBit)) ? undefined : folder;
}

export async function isReadableBy(path: string, identity: Identity): Promise<boolean> {
  return await allows(path, identity, readBit);
}

async function allows(path: string, { uid, gid }: Identity, bit: number): Promise<boolean> {
  const facts = await stat(path);
  if (facts.uid === uid) return (facts.mode & (bit << 6)) !== 0;
  if (facts.gid === gid) return (facts.mode & (bit << 3)) !== 0;
  return (facts.mode & bit) !== 0;
}
