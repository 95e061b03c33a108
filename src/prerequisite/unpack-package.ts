// The way without root: a package and those of its dependencies that this machine lacks are downloaded (apt verifies
// them against its signed lists) and unpacked into a folder of ours. Nothing on the machine changes.
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Apt } from './apt.ts';
import type { DebianPackage } from './debian-package.ts';
import { linkUnpackedPrograms } from './link-program.ts';
import { lastComplaint, type ProgramRun } from './run-program.ts';

/** Unpacks to `<toolFolder>/<package>`, programs in its `bin`. Returns why it did not work, or nothing. */
export async function unpackPackage(options: {
  apt: Apt;
  debianPackage: DebianPackage;
  toolFolder: string;
}): Promise<string | undefined> {
  const { apt, debianPackage, toolFolder } = options;
  const target = join(toolFolder, debianPackage.name);
  // What is there was found unusable by the caller.
  await rm(target, { recursive: true, force: true });
  const staging = await mkdtemp(join(toolFolder, '.unpacking-'));
  try {
    const failed = await downloadAndExtract(apt, debianPackage.name, staging);
    if (failed) return lastComplaint(failed);
    await linkUnpackedPrograms(staging, debianPackage.programs);
    // Another process may have brought the same meanwhile: then its copy stays.
    await rename(staging, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return undefined;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Leaves the extracted files in `<staging>/root`; returns the run that failed, or nothing. */
async function downloadAndExtract(apt: Apt, name: string, staging: string): Promise<ProgramRun | undefined> {
  const downloads = join(staging, 'download');
  await mkdir(downloads);
  let listOptions: string[] = [];
  let run = await apt.run('apt-get', ['download', name], downloads);
  if (run.code !== 0) {
    // No package lists, or old ones. Without root they are fetched into a folder of our own.
    listOptions = await ownListOptions(staging);
    await apt.run('apt-get', [...listOptions, 'update']);
    run = await apt.run('apt-get', [...listOptions, 'download', name], downloads);
    if (run.code !== 0) return run;
  }
  const lacking = await readLackingDependencies(apt, listOptions, name);
  if (lacking.length > 0) {
    run = await apt.run('apt-get', [...listOptions, 'download', ...lacking], downloads);
    if (run.code !== 0) return run;
  }
  for (const file of await readdir(downloads)) {
    run = await apt.run('dpkg', ['--extract', join(downloads, file), join(staging, 'root')]);
    if (run.code !== 0) return run;
  }
  await rm(downloads, { recursive: true });
  await rm(join(staging, 'apt'), { recursive: true, force: true });
  return undefined;
}

async function ownListOptions(staging: string): Promise<string[]> {
  const lists = join(staging, 'apt', 'lists');
  const cache = join(staging, 'apt', 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(cache);
  return ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
}

/** Asks the resolver what installing would add. Upgrades are left out: a second libc would not fit this machine's. */
async function readLackingDependencies(apt: Apt, listOptions: readonly string[], name: string): Promise<string[]> {
  const run = await apt.run('apt-get', [...listOptions, 'install', '--simulate', '--no-install-recommends', name]);
  const added = [...run.stdout.matchAll(/^Inst (\S+) \(/gm)].flatMap((match) => match[1] ?? []);
  return added.filter((added) => added !== name);
}
