// Where packages come from without root: the machine's own package lists, or a copy of them fetched into a folder of
// ours when they are absent or too old. apt verifies what it downloads against the signed lists either way.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Apt } from './apt.ts';
import { lastComplaint } from './run-program.ts';

export interface PackageSource {
  /** Downloads the package, and those that it depends on and this machine lacks, into `folder`. Returns why not. */
  download(name: string, folder: string): Promise<string | undefined>;
}

/** `scratch` is a folder for lists; it may be removed when the source is no longer used. */
export function createPackageSource(apt: Apt, scratch: string): PackageSource {
  let listOptions: readonly string[] = [];

  const get = (names: readonly string[], folder: string) =>
    apt.run('apt-get', [...listOptions, 'download', ...names], folder);

  async function fetchOwnLists(): Promise<void> {
    const [lists, cache] = [join(scratch, 'lists'), join(scratch, 'cache')];
    await mkdir(join(lists, 'partial'), { recursive: true });
    await mkdir(cache);
    listOptions = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
    await apt.run('apt-get', [...listOptions, 'update']);
  }

  /** Asks the resolver what installing would add. Upgrades are left out: a second libc would not fit this machine's. */
  async function readLacking(name: string): Promise<string[]> {
    const run = await apt.run('apt-get', [...listOptions, 'install', '--simulate', '--no-install-recommends', name]);
    const added = [...run.stdout.matchAll(/^Inst (\S+) \(/gm)].flatMap((match) => match[1] ?? []);
    return added.filter((addition) => addition !== name);
  }

  return {
    async download(name, folder) {
      let run = await get([name], folder);
      if (run.code !== 0 && listOptions.length === 0) {
        await fetchOwnLists();
        run = await get([name], folder);
      }
      if (run.code !== 0) return lastComplaint(run);
      const lacking = await readLacking(name);
      if (lacking.length === 0) return undefined;
      run = await get(lacking, folder);
      return run.code === 0 ? undefined : lastComplaint(run);
    },
  };
}
