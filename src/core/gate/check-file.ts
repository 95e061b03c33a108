// Which files check others: by how test runners and pipelines of the usual languages name them.

const tests: readonly RegExp[] = [
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|__snapshots__)\//i,
  /\.(?:test|spec|cy)\.[cm]?[jt]sx?$/,
  /\.snap$/,
  /(?:^|\/)test_[^/]+\.py$/,
  /(?:^|\/)conftest\.py$/,
  /_test\.(?:go|py|rb|dart|exs)$/,
  /_spec\.rb$/,
  /(?:Test|Tests|IT)\.(?:java|kt|cs|swift|scala|php)$/,
];

export function isTestFile(path: string): boolean {
  return tests.some((pattern) => pattern.test(path));
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

/** A file that a verify command names, such as a script. */
export function isNamedBy(path: string, commands: readonly string[]): boolean {
  return commands.some((command) => command.split(/[\s;&|()"'=]+/).some((word) => word.replace(/^\.\//, '') === path));
}
