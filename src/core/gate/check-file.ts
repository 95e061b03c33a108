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

/** Has lines that say what is tested; no picture and no archive. */
export function isScript(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|go|rb|dart|exs|rs|java|kt|cs|swift|scala|php|sh|snap)$/.test(path);
}

const settings =
  /(?:^|\/)(?:(?:jest|vitest|vite|playwright|cypress|karma|ava|wdio|nyc|c8)\.conf(?:ig)?\.[cm]?[jt]s|\.mocharc(?:\.\w+)?|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|jest\.config\.json|pytest\.ini|tox\.ini|\.coveragerc|\.?codecov\.ya?ml|phpunit\.xml(?:\.dist)?|\.rspec|\.simplecov)$/;

/** Settings of what runs tests, and of nothing else: to have them as the base has them changes no source. */
export function isTestSetting(path: string): boolean {
  return settings.test(path);
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

/** A file that a verify command names or implies, such as a script. */
export function isNamedBy(path: string, commands: readonly string[]): boolean {
  const words = commands.flatMap((command) => command.split(/[\s;&|()"'=]+/).map((word) => word.replace(/^\.\//, '')));
  return words.some((word) => word === path || (Object.hasOwn(implied, word) && (implied[word] ?? []).includes(path)));
}
