// Refs read as the files that git keeps them in. They are asked for with every request, and a process of git for each
// would be most of what this program does. What is not plainly there as a file is left to git.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Undefined: ask git. */
export async function readLooseRef(folder: string, ref: string): Promise<string | undefined> {
  if (!/^refs\/[^/]/.test(ref) || ref.split('/').some((part) => part === '' || part.startsWith('.'))) return undefined;
  return await readSha(join(folder, ref));
}

/** All refs below the prefixes in git's order. Undefined: ask git. */
export async function readLooseRefs(
  folder: string,
  prefixes: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  if (existsSync(join(folder, 'packed-refs'))) return undefined;
  const found = await Promise.all(prefixes.map((prefix) => readBelow(folder, prefix)));
  const refs: (readonly [string, string])[] = [];
  for (const part of found) {
    if (!part) return undefined;
    refs.push(...part);
  }
  return new Map(refs.sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function readBelow(folder: string, prefix: string): Promise<(readonly [string, string])[] | undefined> {
  if (!existsSync(join(folder, prefix))) return [];
  const entries = await readdir(join(folder, prefix), { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return undefined;
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const refs = await Promise.all(names.map(async (ref) => [ref, await readSha(join(folder, ref))] as const));
  const plain = refs.filter((ref): ref is readonly [string, string] => ref[1] !== undefined);
  return plain.length === refs.length ? plain : undefined;
}

async function readSha(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^([0-9a-f]{40})\n$/.exec(text)?.[1];
}
