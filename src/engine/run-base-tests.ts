// The base's tests over the sources of a change: test files, settings of test runners and scripts as the base has them, or not at
// all, in a fresh sandbox. Nothing that the change says of its own tests is heard there.
import { findNamed, isTestFile, isTestSetting } from '../core/gate/check-file.ts';
import { sumTests } from '../core/gate/count-tests.ts';
import { findGreen } from '../core/gate/find-fewer-pass.ts';
import { restoreScripts } from '../core/gate/restore-scripts.ts';
import { type BaseTests, isGreen, type VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { author } from './author.ts';
import type { RepositoryRef } from './port/git.ts';
import { readPackages } from './read-packages.ts';
import type { WorkPorts } from './work-ports.ts';

/** What is known of trees that were verified before. */
type Known = Pick<Run, 'verifiedTrees' | 'verification'>;

interface Scene {
  readonly ref: RepositoryRef;
  readonly base: string;
  /** What would be on the base branch after the merge, and what the verify commands said of it. */
  readonly commit: string;
  readonly report: VerifyReport;
  /** What differs between the two; of a rename both names. */
  readonly paths: readonly string[];
  readonly verify: readonly string[];
  /** Nothing that is known counts. */
  readonly isFresh: boolean;
  /** Runs the verify commands on a commit in a sandbox of its own; undefined where the signal ended it. */
  readonly runOn: (commit: string) => Promise<VerifyReport | undefined>;
}

const pathsAtMost = 2_000;
const pathsShown = 50;

/** `none` where the tests are the base's anyway, or nothing but tests is changed; undefined where the signal ended it. */
export async function runBaseTests(
  ports: Pick<WorkPorts, 'git'>,
  known: Known,
  scene: Scene,
): Promise<BaseTests | 'none' | undefined> {
  const { ref, base, commit, report, paths, verify } = scene;
  if (verify.length === 0) return 'none';
  const packages = await restorePackages(ports, scene);
  const { isNamed } = findNamed(verify);
  const reset = paths.filter(
    (path) => isTestFile(path) || isTestSetting(path) || isNamed(path) || packages.reset.includes(path),
  );
  const restored = packages.files.filter(({ path }) => !reset.includes(path));
  const all = [...reset, ...restored.map(({ path }) => path)];
  if (all.length === 0) return 'none';
  const shown = all.slice(0, pathsShown);
  // A name that is no text cannot be given back to git: the file would stay as the change has it.
  if (all.length > pathsAtMost || packages.isTooMany || all.some((path) => path.includes('\ufffd')))
    return { kind: 'not_run', why: 'paths', paths: shown };
  const options = { repository: ref, parents: [commit], message: "The base's tests\n", author };
  const bare = await ports.git.commitAnew({ ...options, from: commit, reset: { paths: reset, to: base } });
  const made =
    restored.length === 0 ? bare : await ports.git.commitFiles({ ...options, from: bare.commit, files: restored });
  const baseTree = await ports.git.treeOf(ref, base);
  // The sources are the base's: its tests would say nothing of the change.
  if (made.tree === baseTree) return 'none';
  if (!isGreen(report)) return { kind: 'not_run', why: 'red', paths: shown };
  const before = scene.isFresh ? undefined : (findGreen(known, made.tree) ?? findLast(known, made.tree));
  const told = before ?? (await scene.runOn(made.commit));
  if (!told) return undefined;
  const alone = sumTests(findGreen(known, baseTree)?.commands ?? []);
  return { kind: 'ran', report: told, paths: shown, ...(alone ? { alone } : {}) };
}

interface Packages {
  readonly files: { path: string; content: Buffer }[];
  readonly reset: string[];
  readonly isTooMany: boolean;
}

/** Of the newest verdict: they are told apart from trees that may be merged. */
function findLast({ verification }: Known, tree: string): VerifyReport | undefined {
  const last = verification?.baseTests?.kind === 'ran' ? verification.baseTests.report : undefined;
  return last?.tree === tree && isGreen(last) ? last : undefined;
}

/** With the scripts of the base; those that cannot be read, or are no files, are to be as the base has them. */
async function restorePackages(ports: Pick<WorkPorts, 'git'>, scene: Scene): Promise<Packages> {
  const named = scene.paths.map((path) => ({ path }));
  const read = await readPackages(ports, scene, named);
  const files: Packages['files'] = [];
  const reset: string[] = [];
  for (const { path, before, now } of read.files) {
    // The base has no such file, whose scripts would say what its tests are.
    if (before === undefined) continue;
    const content = now === undefined ? undefined : restoreScripts(now, before);
    if (content === undefined) reset.push(path);
    else if (content !== now) files.push({ path, content: Buffer.from(content) });
  }
  return { files, reset, isTooMany: read.isTooMany };
}
