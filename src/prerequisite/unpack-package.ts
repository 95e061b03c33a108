// The way without root: packages are downloaded and unpacked into a folder of ours. Nothing on the machine changes.
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Apt } from './apt.ts';
import type { DebianPackage } from './debian-package.ts';
import { linkUnpackedPrograms } from './link-program.ts';
import { createPackageSource, type PackageSource } from './package-source.ts';
import { lastComplaint } from './run-program.ts';

/** Unpacks each to `<toolFolder>/<package>`, programs in its `bin`. Returns why it did not work, by package. */
export async function unpackPackages(
  apt: Apt,
  packages: readonly DebianPackage[],
  toolFolder: string,
): Promise<Map<DebianPackage, string>> {
  const failures = new Map<DebianPackage, string>();
  const scratch = await mkdtemp(join(toolFolder, '.unpacking-'));
  try {
    const source = createPackageSource(apt, join(scratch, 'apt'));
    for (const debianPackage of packages) {
      const target = join(toolFolder, debianPackage.name);
      // What is there was found unusable by the caller.
      await rm(target, { recursive: true, force: true });
      const staging = join(scratch, debianPackage.name);
      const why = await unpackPackage({ apt, source, debianPackage, staging });
      if (why === undefined) await keep(staging, target);
      else failures.set(debianPackage, why);
    }
    return failures;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function unpackPackage(options: {
  apt: Apt;
  source: PackageSource;
  debianPackage: DebianPackage;
  staging: string;
}): Promise<string | undefined> {
  const { apt, source, debianPackage, staging } = options;
  const downloads = join(staging, 'download');
  await mkdir(downloads, { recursive: true });
  const why = await source.download(debianPackage.name, downloads);
  if (why !== undefined) return why;
  for (const file of await readdir(downloads)) {
    const run = await apt.run('dpkg', ['--extract', join(downloads, file), join(staging, 'root')]);
    if (run.code !== 0) return lastComplaint(run);
  }
  await rm(downloads, { recursive: true });
  await linkUnpackedPrograms(staging, debianPackage.programs);
  return undefined;
}

/** Another process may have brought the same meanwhile: then its copy stays, it may be running already. */
async function keep(staging: string, target: string): Promise<void> {
  await rename(staging, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}
