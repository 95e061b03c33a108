// Which package manager this machine has, and the one command that brings a program with it.
import { readFile } from 'node:fs/promises';
import { type Program, type ProgramName, renderRequirement } from './program.ts';

export type Distribution = 'debian' | 'fedora' | 'arch' | 'alpine' | 'suse' | 'macos' | 'unknown';

interface PackageCommand {
  readonly install: string;
  readonly packages: Readonly<Record<ProgramName, string>>;
  readonly asRoot: boolean;
}

const utilLinux = { flock: 'util-linux', prlimit: 'util-linux' };
const common = { git: 'git', bwrap: 'bubblewrap', tini: 'tini', ...utilLinux };

const commands: Readonly<Record<Exclude<Distribution, 'unknown'>, PackageCommand>> = {
  debian: { install: 'apt-get install -y', packages: { ...common, 'redis-server': 'redis-server' }, asRoot: true },
  fedora: { install: 'dnf install -y', packages: { ...common, 'redis-server': 'valkey' }, asRoot: true },
  arch: { install: 'pacman -S --noconfirm', packages: { ...common, 'redis-server': 'valkey' }, asRoot: true },
  alpine: { install: 'apk add', packages: { ...common, 'redis-server': 'valkey' }, asRoot: true },
  suse: { install: 'zypper install -y', packages: { ...common, 'redis-server': 'valkey' }, asRoot: true },
  macos: { install: 'brew install', packages: { ...common, 'redis-server': 'redis' }, asRoot: false },
};

/** Reads what the content of an os-release file says; distributions that derive from a known one count as it. */
export function parseDistribution(osRelease: string): Distribution {
  const fields = new Map<string, string>();
  for (const line of osRelease.split('\n')) {
    const match = /^([A-Z_]+)=["']?([^"']*)["']?$/.exec(line.trim());
    if (match?.[1] && match[2] !== undefined) fields.set(match[1], match[2]);
  }
  const names = [fields.get('ID') ?? '', ...(fields.get('ID_LIKE') ?? '').split(' ')];
  for (const name of names) {
    if (name === 'debian' || name === 'ubuntu') return 'debian';
    if (name === 'fedora' || name === 'rhel' || name === 'centos') return 'fedora';
    if (name === 'arch' || name === 'alpine') return name;
    if (name === 'suse' || name.startsWith('opensuse')) return 'suse';
  }
  return 'unknown';
}

export async function readDistribution(): Promise<Distribution> {
  if (process.platform === 'darwin') return 'macos';
  const content = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return parseDistribution(content);
}

/** One sentence with the exact command. */
export function renderInstallMend(options: {
  distribution: Distribution;
  program: ProgramName;
  isRoot: boolean;
}): string {
  const { distribution, program, isRoot } = options;
  const alternative = renderAlternative(program);
  if (distribution === 'unknown') return `Install ${program} with this machine's package manager${alternative}.`;
  const command = commands[distribution];
  const sudo = command.asRoot && !isRoot ? 'sudo ' : '';
  const refresh = distribution === 'debian' ? `${sudo}apt-get update && ` : '';
  return `Run "${refresh}${sudo}${command.install} ${command.packages[program]}"${alternative}.`;
}

/** For a program that is there and too old: the package manager that brought it has no newer one, or it would. */
export function renderUpgradeMend(program: Program): string {
  const source = "from the distribution's backports or the project's own packages";
  return `Install ${renderRequirement(program)} ${source}${renderAlternative(program.name)}.`;
}

function renderAlternative(program: ProgramName): string {
  return program === 'redis-server' ? ', or set REDIS_URL to a Redis or Valkey server of yours' : '';
}
