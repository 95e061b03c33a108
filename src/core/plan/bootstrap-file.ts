// Files that set up tests, builds, linters and type checkers. Two features that each create their own version of one
// of these block one another at the merge, so a shared one belongs to a foundation. Manifests such as package.json are
// not here: adding a dependency is ordinary work of a feature, and their overlap keeps tasks in different batches.
import { splitPath } from './protected-path.ts';

const FIXTURE_FOLDERS = new Set(['fixtures', '__fixtures__', 'fixture', 'testdata', 'test-data', '__mocks__']);

const TEST_FOLDERS = new Set(['test', 'tests', 'spec', '__tests__', 'e2e']);
const TEST_SETUP = /^(?:setup|helpers?)\.[\w.]+$/;

const NAMES: readonly RegExp[] = [
  /^conftest\.py$/,
  /^(?:pytest|tox|mypy|\.flake8|\.pylintrc|setup\.cfg)(?:\.ini)?$/,
  /^(?:jest|vitest|vite|webpack|rollup|babel|eslint|prettier|playwright|cypress|karma|metro|postcss|tailwind|commitlint)\.(?:config|conf|setup|workspace)\.[cm]?[jt]sx?$/,
  /^(?:setup|test)[-_.]?(?:tests?|setup)\.[cm]?[jt]sx?$/,
  /^global[-_.]?setup\.[cm]?[jt]sx?$/,
  /^(?:test|spec)_helper\.(?:rb|py|exs)$/,
  /^tsconfig(?:\.[\w-]+)?\.json$/,
  /^\.(?:eslintrc|prettierrc|babelrc|swcrc|mocharc|nycrc|rubocop|golangci|editorconfig|rspec)(?:\.[\w]+)?$/,
  /^(?:biome|deno)\.jsonc?$/,
  /^(?:ruff|rustfmt|clippy|\.ruff)\.toml$/,
  /^(?:makefile|justfile|rakefile)$/,
];

export function isBootstrapFile(path: string): boolean {
  const names = splitPath(path.toLowerCase());
  const file = names.at(-1) ?? '';
  const folders = names.slice(0, -1);
  if (folders.some((folder) => FIXTURE_FOLDERS.has(folder)) || NAMES.some((name) => name.test(file))) return true;
  return TEST_SETUP.test(file) && folders.some((folder) => TEST_FOLDERS.has(folder));
}
