// The root of a container where there is no image: nothing but the places at which something of the host is mounted.
import { chown, lstat, mkdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { Identity } from '../bubblewrap/identity-pool.ts';
import { inside } from '../bubblewrap/inside.ts';
import { type Mount, programFolders } from '../bubblewrap/mount.ts';
import { startPlaces } from './start-script.ts';

const folders = ['/proc', '/sys', '/dev', '/tmp', '/etc', '/run', inside.home, inside.workspace];
/** Made by the engine, unless they are there. */
const files = ['/run/.containerenv', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];

export interface Link {
  readonly path: string;
  readonly pointsTo: string;
}

/** `owner`: whoever is root in the container makes the last of its places. */
export async function makeRootFolder(
  folder: string,
  contents: {
    readonly mounts: readonly Mount[];
    readonly links: readonly Link[];
    readonly owner: Identity | undefined;
  },
): Promise<void> {
  const { mounts, links, owner } = contents;
  const made = new Set<string>();
  const makeFolder = async (path: string): Promise<void> => {
    if (made.has(path)) return;
    made.add(path);
    if (path !== '/') await makeFolder(dirname(path));
    await mkdir(join(folder, path), { recursive: true, mode: 0o755 });
    if (owner) await chown(join(folder, path), owner.uid, owner.gid);
  };
  const makeFile = async (path: string): Promise<void> => {
    await makeFolder(dirname(path));
    await writeFile(join(folder, path), '', { mode: 0o644 });
    if (owner) await chown(join(folder, path), owner.uid, owner.gid);
  };
  for (const path of folders) await makeFolder(path);
  for (const path of [...files, ...Object.values(startPlaces), inside.relayInput]) await makeFile(path);
  for (const { source, target } of mounts) {
    if ((await lstat(source)).isDirectory()) await makeFolder(target);
    else await makeFile(target);
  }
  for (const { path, pointsTo } of links) {
    await makeFolder(dirname(path));
    await symlink(pointsTo, join(folder, path)).catch(ignoreExisting);
  }
}

/** Folders of programs that are links on this host, at the same places. */
export async function readProgramLinks(): Promise<readonly Link[]> {
  const found = await Promise.all(
    programFolders.map(async (path) => {
      const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink();
      return isLink ? [{ path, pointsTo: await readlink(path) }] : [];
    }),
  );
  return found.flat();
}

/** Those that are folders of their own, with /usr and the parts of /etc that programs need. */
export async function readSystemFolders(shared: readonly string[]): Promise<readonly Mount[]> {
  const candidates = ['/usr', ...programFolders, ...shared];
  const found = await Promise.all(
    candidates.map(async (path): Promise<Mount[]> => {
      const facts = await lstat(path).catch(() => undefined);
      if (!facts || (facts.isSymbolicLink() && posix.dirname(path) === '/')) return [];
      return [{ source: path, target: path, access: 'read-only' }];
    }),
  );
  return found.flat();
}

function ignoreExisting(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
  throw error;
}
