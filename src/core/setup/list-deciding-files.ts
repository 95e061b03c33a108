// Which files decide what a set-up leaves, by what its commands say.
import { lockFiles } from './detect-setup.ts';
import { joinPath } from './join-path.ts';

/** Further files that decide it, of toolchains that settings may name as well. */
const otherFiles = [
  ...['.pnp.cjs', '.pnpmfile.cjs', '.corepack.env'],
  ...['package.json', '.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml', 'bun.lock', 'bunfig.toml', '.nvmrc'],
  ...[
    'pyproject.toml',
    'uv.toml',
    'setup.py',
    'setup.cfg',
    'poetry.lock',
    'Pipfile',
    'Pipfile.lock',
    '.python-version',
  ],
  ...['go.mod', 'go.work', 'Cargo.toml', 'rust-toolchain.toml', 'rust-toolchain', '.cargo/config.toml'],
  ...['Gemfile', 'Gemfile.lock', 'composer.json', 'composer.lock', 'mix.exs', 'mix.lock', 'cpanfile'],
  ...['Makefile', '.tool-versions'],
];

/** Settings that name more are refused: what is not looked at would leave an old layer in use. */
export const namedAtMost = 300;
const namedCharsAtMost = 20_000;

/**
 * Paths whose content decides what commands leave, if they are there: known ones at the top of the repository and in every
 * folder that a command names, and every file that a command names. `more`: what is named elsewhere.
 */
export function listDecidingFiles(commands: readonly string[], more: readonly string[] = []): string[] {
  const named = [...new Set([...listNamedPaths(commands).paths, ...more])];
  const known = [...lockFiles, ...otherFiles];
  return [...known, ...named, ...named.flatMap((folder) => known.map((name) => `${folder}/${name}`))];
}

export interface NamedPaths {
  readonly paths: readonly string[];
  /** There are no more of them. */
  readonly isWhole: boolean;
}

/** Every word that may be a path: one from the top, and one from where the command has gone until then. */
export function listNamedPaths(commands: readonly string[]): NamedPaths {
  const paths = new Set<string>();
  let chars = 0;
  for (const command of commands) {
    let folder: string | undefined;
    let isGoing = false;
    for (const word of command.split(/[\s'"`;|&<>()=$]+/)) {
      const path = word.replace(/^-[A-Za-z]/, '');
      const found = isNoPath(path) ? [] : [joinPath('', path), folder && joinPath(folder, path)];
      for (const one of found) {
        if (!one || paths.has(one)) continue;
        paths.add(one);
        chars += one.length;
        if (paths.size > namedAtMost || chars > namedCharsAtMost) return { paths: [...paths], isWhole: false };
      }
      if (isGoing) folder = joinPath(folder ?? '', path);
      isGoing = word === 'cd';
    }
  }
  return { paths: [...paths], isWhole: true };
}

function isNoPath(word: string): boolean {
  return word === 'cd' || word.startsWith('-') || word.includes('://');
}
