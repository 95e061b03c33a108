// The programs of the machine that runs the tests, as packages for a local repository: installed here, or unpacked by
// the product itself for somebody who is not root.
import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LocalPackage } from './local-repository.ts';
import { readMachineTools } from './machine-tools.ts';

export interface MachinePackages {
  /** Whatever a sandbox and a Redis server need, in the order in which they are brought. */
  readonly packages: readonly LocalPackage[];
  /** The Redis programs as the files that they are, and one or more shared libraries that they are linked to. */
  readonly redis: { readonly files: LocalPackage['files']; readonly libraries: readonly string[] };
}

const inBin = (source: string, name: string) => ({ source, name, folder: 'usr/bin' });

/** `scriptFolder` is a folder for what stands in for unpacked programs. */
export async function readMachinePackages(scriptFolder: string): Promise<MachinePackages> {
  const { redis, bubblewrap } = await readMachineTools('redis', 'bubblewrap');
  const server = findFile(redis.server);
  const checkAof = findFile(redis.checkAof);
  const tini = dirname(findFile(bubblewrap.tini));
  const files = [inBin(server, 'redis-check-rdb'), inBin(checkAof, 'redis-check-aof')];
  const libraries = listUnpackedLibraries(redis.server);
  return {
    packages: [
      {
        name: 'redis-tools',
        files: libraries.length === 0 ? files : [standIn(scriptFolder, redis.server), ...files.slice(1)],
      },
      { name: 'bubblewrap', files: [inBin(findFile(bubblewrap.bwrap), 'bwrap')] },
      {
        name: 'tini',
        files: ['tini', 'tini-static'].map((name) => inBin(join(tini, name), name)),
      },
      {
        name: 'util-linux',
        files: [inBin(findFile(redis.flock), 'flock'), inBin(findFile(bubblewrap.prlimit), 'prlimit')],
      },
    ],
    redis: { files, libraries },
  };
}

/** The file behind a program's name, also where the product runs it with libraries of its own. */
function findFile(program: string): string {
  const [folder, name] = [dirname(dirname(program)), program.slice(dirname(program).length + 1)];
  const unpacked = join(folder, 'program', name);
  return realpathSync(existsSync(unpacked) ? unpacked : program);
}

function listUnpackedLibraries(program: string): string[] {
  const folder = join(dirname(dirname(program)), 'lib');
  if (!existsSync(join(dirname(dirname(program)), 'program'))) return [];
  return readdirSync(folder).map((name) => join(folder, name));
}

/** Installed alone it would lack its libraries here: it acts by the name that it is called by, with them. */
function standIn(folder: string, program: string) {
  const source = join(folder, 'stand-in');
  writeFileSync(source, `#!/bin/sh\nexec "${dirname(program)}/\${0##*/}" "$@"\n`, { mode: 0o755 });
  return inBin(source, 'redis-check-rdb');
}
