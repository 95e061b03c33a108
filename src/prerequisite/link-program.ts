// Gives programs a place and a name in the cache folder. Links are relative, so that a finished folder can be moved.
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Runs the file of the same name in `program`, with the libraries that were unpacked beside it. Nothing is
 * interpolated. `exec` keeps the process id, and the name is kept because some programs act by it.
 */
const wrapper = `#!/bin/sh
here="\${0%/*}/.."
LD_LIBRARY_PATH="$here/lib" exec "$here/program/\${0##*/}" "$@"
`;

/** Fills `<folder>/bin` for the package files in `<folder>/root`. `programs` maps names to files in /usr/bin. */
export async function linkUnpackedPrograms(folder: string, programs: Readonly<Record<string, string>>): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const hasLibraries = await linkLibraries(folder);
  const links = hasLibraries ? join(folder, 'program') : bin;
  if (hasLibraries) await mkdir(links);
  for (const [name, file] of Object.entries(programs)) {
    await symlink(join('..', 'root', 'usr', 'bin', file), join(links, name));
    if (!hasLibraries) continue;
    await writeFile(join(bin, name), wrapper);
    await chmod(join(bin, name), 0o755);
  }
}

/** Names a program that is installed on the machine under a name that its package does not give it. */
export async function linkInstalledProgram(link: string, file: string): Promise<void> {
  await rm(link, { force: true });
  await symlink(file, link);
}

/** Collects all unpacked shared libraries in `<folder>/lib`; tells whether there are any. */
async function linkLibraries(folder: string): Promise<boolean> {
  const target = join(folder, 'lib');
  let count = 0;
  for (const parent of ['lib', 'usr/lib']) {
    const root = join(folder, 'root', parent);
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (!/\.so(\.|$)/.test(entry.name) || entry.isDirectory()) continue;
      if (count++ === 0) await mkdir(target);
      await rm(join(target, entry.name), { force: true });
      await symlink(relative(target, join(entry.parentPath, entry.name)), join(target, entry.name));
    }
  }
  return count > 0;
}
