// Where Debian and Ubuntu keep the programs that we may bring ourselves.
import type { ProgramName } from './program.ts';

export interface DebianPackage {
  readonly name: string;
  /** Names under which we look for its programs, each with the package's file in /usr/bin that is meant. */
  readonly programs: Readonly<Record<string, string>>;
}

const utilLinux: DebianPackage = { name: 'util-linux', programs: { flock: 'flock', prlimit: 'prlimit' } };

/** git is absent on purpose: people choose their own git, it is named and never brought. */
export const debianPackages: Readonly<Record<Exclude<ProgramName, 'git'>, DebianPackage>> = {
  // redis-server holds nothing but a link to the binary in redis-tools and a system service, which installing it
  // would start and enable. We want the binary alone: it serves when it is called by the name redis-server.
  'redis-server': {
    name: 'redis-tools',
    programs: { 'redis-server': 'redis-check-rdb', 'redis-check-aof': 'redis-check-aof' },
  },
  bwrap: { name: 'bubblewrap', programs: { bwrap: 'bwrap' } },
  // Static, because an unpacked tini runs inside a sandbox that sees nothing else of the cache folder.
  tini: { name: 'tini', programs: { tini: 'tini-static' } },
  flock: utilLinux,
  prlimit: utilLinux,
};
