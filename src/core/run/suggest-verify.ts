import { detectVerify } from './detect-verify.ts';

/** What lies in the root of a repository, and the command by which such projects are usually checked. */
const usual = [
  ['go.mod', 'go test ./...'],
  ['Cargo.toml', 'cargo test'],
  ['pytest.ini', 'pytest'],
  ['pyproject.toml', 'pytest'],
  ['pom.xml', 'mvn --batch-mode test'],
  ['gradlew', './gradlew test'],
  ['mix.exs', 'mix test'],
] as const;

/** A guess that a person looks at before it counts; no run starts on it. */
export function suggestVerify(packageText: string | undefined, rootNames: readonly string[]): string | undefined {
  return detectVerify(packageText) ?? usual.find(([name]) => rootNames.includes(name))?.[1];
}
