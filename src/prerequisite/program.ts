// The programs behind the needs, how each proves what it is, and from which version on it is good enough.
import type { Need } from './prerequisite.ts';

export type ProgramName = 'git' | 'redis-server' | 'flock' | 'bwrap' | 'tini' | 'prlimit';

export interface Program {
  readonly name: ProgramName;
  /** File names to look for, the preferred one first. */
  readonly files: readonly string[];
  /** Matches the output of `--version`; groups 1 and 2 are major and minor version. */
  readonly version: RegExp;
  readonly minimum: readonly [major: number, minor: number];
}

export const programs: Readonly<Record<ProgramName, Program>> = {
  // 2.38 is the first with `merge-tree --write-tree`.
  git: { name: 'git', files: ['git'], version: /^git version (\d+)\.(\d+)/, minimum: [2, 38] },
  'redis-server': {
    name: 'redis-server',
    files: ['valkey-server', 'redis-server'],
    version: /server v=(\d+)\.(\d+)/,
    minimum: [6, 2],
  },
  flock: { name: 'flock', files: ['flock'], version: /^flock from util-linux (\d+)\.(\d+)/, minimum: [2, 0] },
  // 0.8 is the first with `--disable-userns`.
  bwrap: { name: 'bwrap', files: ['bwrap'], version: /^bubblewrap (\d+)\.(\d+)/, minimum: [0, 8] },
  tini: { name: 'tini', files: ['tini'], version: /^tini version (\d+)\.(\d+)/, minimum: [0, 0] },
  prlimit: { name: 'prlimit', files: ['prlimit'], version: /^prlimit from util-linux (\d+)\.(\d+)/, minimum: [2, 0] },
};

export const programsOfNeed: Readonly<Record<Need, readonly ProgramName[]>> = {
  git: ['git'],
  redis: ['redis-server', 'flock'],
  bubblewrap: ['bwrap', 'tini', 'prlimit'],
};

/** "git 2.38 or newer", or only the name where any version will do. */
export function renderRequirement(program: Program): string {
  const [major, minor] = program.minimum;
  return minor === 0 ? program.name : `${program.name} ${major}.${minor} or newer`;
}
