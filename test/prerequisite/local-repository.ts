// A package repository in a folder, with packages made of this machine's own programs: apt-get and dpkg are real, the
// network is not needed and the machine's package state is neither read nor changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface LocalPackage {
  readonly name: string;
  /** Files of this machine, each with its folder in the package and its name there when that is another. */
  readonly files: readonly { readonly source: string; readonly folder: string; readonly name?: string }[];
  readonly depends?: string;
}

export interface LocalRepository {
  /** Value for APT_CONFIG. */
  readonly aptConfig: string;
  /** Where root's `apt-get install` puts programs: a stand-in for /usr/bin. */
  readonly installedBin: string;
}

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

export function createLocalRepository(
  folder: string,
  packages: readonly LocalPackage[],
  options: { hasLists: boolean },
): LocalRepository {
  const pool = join(folder, 'pool');
  const root = join(folder, 'installed');
  for (const path of ['pool', 'state/lists/partial', 'cache/archives/partial', 'log']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  for (const path of ['info', 'updates', 'triggers']) {
    mkdirSync(join(root, 'var/lib/dpkg', path), { recursive: true });
  }
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  writeFileSync(join(pool, 'Packages'), packages.map((local) => buildPackage(folder, local)).join('\n'));
  writeFileSync(join(folder, 'sources.list'), `deb [trusted=yes] file:${pool} ./\n`);
  const aptConfig = join(folder, 'apt.conf');
  writeFileSync(aptConfig, renderConfig(folder, root));
  if (options.hasLists) execFileSync('/usr/bin/apt-get', ['update'], { env: { ...env, APT_CONFIG: aptConfig } });
  return { aptConfig, installedBin: join(root, 'usr/bin') };
}

function renderConfig(folder: string, root: string): string {
  return `Dir::State "${folder}/state";
Dir::State::status "${root}/var/lib/dpkg/status";
Dir::Cache "${folder}/cache";
Dir::Log "${folder}/log";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
DPkg::Options { "--root=${root}"; "--log=${folder}/log/dpkg.log"; };
APT::Sandbox::User "root";
`;
}

/** Builds the package into the pool and returns its entry in the index. */
function buildPackage(folder: string, local: LocalPackage): string {
  const tree = join(folder, 'tree', local.name);
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  for (const { source, folder: target, name = basename(source) } of local.files) {
    mkdirSync(join(tree, target), { recursive: true });
    copyFileSync(realpathSync(source), join(tree, target, name));
  }
  const depends = local.depends === undefined ? '' : `Depends: ${local.depends}\n`;
  const control = `Package: ${local.name}
Version: 99
Architecture: all
Maintainer: Test <test@example.org>
Description: made of this machine's files
${depends}`;
  writeFileSync(join(tree, 'DEBIAN', 'control'), control);
  const deb = join(folder, 'pool', `${local.name}.deb`);
  execFileSync('/usr/bin/dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, deb], { env });
  const bytes = readFileSync(deb);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return `${control}Filename: ./${local.name}.deb\nSize: ${bytes.length}\nSHA256: ${digest}\n`;
}
