// Package files of a change as text: what is in them is parsed by whoever asks.
import { findNamed } from '../core/gate/check-file.ts';
import type { PackageChanges, PackageTexts } from '../core/gate/list-changed-scripts.ts';
import { isPackageFile } from '../core/gate/restore-scripts.ts';
import type { ChangedPath, RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

interface Places {
  readonly ref: RepositoryRef;
  readonly base: string;
  readonly commit: string;
}

const bytesAtMost = 1024 * 1024;
const filesAtMost = 100;
const othersAtMost = 20;

/** Of more than a hundred the others are given as if nothing in them could be read. */
export async function readPackages(
  { git }: Pick<WorkPorts, 'git'>,
  { ref, base, commit }: Places,
  changed: readonly Pick<ChangedPath, 'path' | 'from'>[],
): Promise<{ readonly files: readonly PackageTexts[]; readonly isTooMany: boolean }> {
  const read = async (where: string, path: string) =>
    isPackageFile(path) ? toText(await git.readBytes(ref, where, path, bytesAtMost)) : undefined;
  const named = changed.filter(({ path, from }) => isPackageFile(path) || isPackageFile(from ?? path));
  const files: PackageTexts[] = [];
  for (const { path, from } of named)
    files.push(
      files.length < filesAtMost
        ? { path, before: await read(base, from ?? path), now: await read(commit, path) }
        : { path, before: unread, now: unread },
    );
  return { files, isTooMany: named.length > filesAtMost };
}

/** Those that are changed, and those besides to which verify commands lead: of the root, and of folders that they name. */
export async function readPackageChanges(
  ports: Pick<WorkPorts, 'git'>,
  scene: Places & { readonly changed: readonly Pick<ChangedPath, 'path' | 'from'>[] },
  commands: readonly string[],
): Promise<PackageChanges> {
  const { ref, commit, changed } = scene;
  const { files } = await readPackages(ports, scene, changed);
  if (files.length === 0) return { changed: [], others: [] };
  const paths = findNamed(commands).folders.map((folder) =>
    folder === '' ? 'package.json' : `${folder}/package.json`,
  );
  const others: string[] = [];
  for (const path of paths.filter((one) => files.every((file) => file.path !== one)).slice(0, othersAtMost)) {
    const text = toText(await ports.git.readBytes(ref, commit, path, bytesAtMost));
    if (text !== undefined) others.push(text);
  }
  return { changed: files, others };
}

/** What is too large is no package file. */
const unread = '';

function toText(bytes: Uint8Array | 'too_large' | undefined): string | undefined {
  return bytes === 'too_large' ? unread : bytes && Buffer.from(bytes).toString('utf8');
}
