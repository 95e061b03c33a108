// Which files check others: by how test runners and pipelines of the usual languages name them.

const folders = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|__snapshots__)\//i;
const names: readonly RegExp[] = [
  /\.(?:test|spec|cy)\.[cm]?[jt]sx?$/,
  /\.snap$/,
  /(?:^|\/)test_[^/]+\.py$/,
  /(?:^|\/)conftest\.py$/,
  /_test\.(?:go|py|rb|dart|exs)$/,
  /_spec\.rb$/,
  /(?:Test|Tests|IT)\.(?:java|kt|cs|swift|scala|php)$/,
];

export function isTestFile(path: string): boolean {
  return folders.test(path) || hasTestName(path);
}

/** As runners find tests by their names. */
export function hasTestName(path: string): boolean {
  return names.some((pattern) => pattern.test(path));
}

/** Has lines that say what is tested; nothing that only lies beside tests, such as a picture or what is written for people. */
export function holdsTests(path: string): boolean {
  return hasTestName(path) || (isTestFile(path) && scripts.test(path));
}

const scripts =
  /\.(?:[cm]?[jt]sx?|py|go|rb|dart|exs?|rs|java|kt|cs|swift|scala|php|sh|snap|c|cc|cpp|lua|pl|t|clj[cs]?|hs|bats|feature|robot)$/;

const settings =
  /(?:^|\/)(?:(?:jest|vitest|vite|playwright|cypress|karma|ava|wdio|nyc|c8)\.conf(?:ig)?\.[cm]?[jt]s|\.mocharc(?:\.\w+)?|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|jest\.config\.json|pytest\.ini|tox\.ini|\.coveragerc|\.?codecov\.ya?ml|phpunit\.xml(?:\.dist)?|\.rspec|\.simplecov)$/;

/** Settings of what runs tests, and of nothing else: to have them as the base has them changes no source. */
export function isTestSetting(path: string): boolean {
  return settings.test(path);
}

/** Settings of pytest among code. */
export function isConftest(path: string): boolean {
  return /(?:^|\/)conftest\.py$/.test(path);
}

const shared =
  /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.cfg|Cargo\.toml|build\.gradle(?:\.kts)?|pom\.xml|sonar-project\.properties)$/;

/** Holds settings of tests among others. */
export function holdsTestSettings(path: string): boolean {
  return isTestSetting(path) || shared.test(path);
}

const pipelines =
  /^(?:\.github\/(?:workflows|actions)\/|\.gitlab-ci\.yml$|\.gitlab\/ci\/|\.circleci\/|\.buildkite\/|azure-pipelines[^/]*\.ya?ml$|\.azure-pipelines\/|bitbucket-pipelines\.yml$|\.travis\.yml$|\.drone\.yml$|\.woodpecker|Jenkinsfile)/;

export function isPipeline(path: string): boolean {
  return pipelines.test(path);
}

/** What some programs read where nobody names it. */
const implied: Readonly<Record<string, readonly string[]>> = {
  make: ['GNUmakefile', 'makefile', 'Makefile'],
  just: ['justfile', 'Justfile', '.justfile'],
  rake: ['Rakefile', 'rakefile'],
  task: ['Taskfile.yml', 'Taskfile.yaml'],
  nox: ['noxfile.py'],
};

export interface Named {
  /** A file that a verify command names or implies, such as a script. */
  isNamed(path: string): boolean;
  /** Where verify commands may work; the root is the empty one. */
  readonly folders: readonly string[];
}

/** Words of a command are looked for in each folder that it enters, or is told of by an option. */
export function findNamed(commands: readonly string[]): Named {
  const paths = new Set<string>();
  const folders = new Set(['']);
  for (const command of commands) {
    const words = command.split(/[\s;&|()"'=]+/).filter((word) => word !== '');
    const own = listFolders(words);
    for (const folder of own) folders.add(folder);
    for (const word of words)
      for (const folder of own)
        for (const name of [word, ...(Object.hasOwn(implied, word) ? (implied[word] ?? []) : [])])
          paths.add(joinPath(folder, name));
  }
  return { isNamed: (path) => paths.has(path), folders: [...folders] };
}

function listFolders(words: readonly string[]): readonly string[] {
  const folders = new Set(['']);
  let current = '';
  for (const [at, word] of words.entries()) {
    const before = words[at - 1] ?? '';
    if (before === 'cd' || before === 'pushd') current = joinPath(current, word);
    folders.add(current);
    if (before.startsWith('-') && !word.startsWith('-')) folders.add(joinPath(current, word));
  }
  return [...folders];
}

function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
