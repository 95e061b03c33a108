// The base's tests over the sources of a change: test files and settings of test runners as the base has them, or not at all,
// in a fresh sandbox. Nothing that the change says of its own tests is heard there.
import { isNamedBy, isTestFile, isTestSetting } from '../core/gate/check-file.ts';
import { isGreen, type VerifyReport } from '../core/model/result.ts';
import type { Run } from '../core/model/run.ts';
import { author } from './author.ts';
import type { RepositoryRef } from './port/git.ts';
import { verifyForRun } from './verify-for-run.ts';
import type { WorkPorts } from './work-ports.ts';

interface Scene {
  readonly ref: RepositoryRef;
  readonly base: string;
  /** What would be on the base branch after the merge. */
  readonly commit: string;
  /** What differs between the two; of a rename both names. */
  readonly paths: readonly string[];
  readonly id: string;
  readonly isFresh: boolean;
  readonly signal: AbortSignal;
}

const pathsAtMost = 2_000;

/** `none` where the tests are the base's anyway; undefined where the signal ended it. */
export async function runBaseTests(
  ports: WorkPorts,
  run: Run,
  { ref, base, commit, paths, id, isFresh, signal }: Scene,
): Promise<{ readonly report: VerifyReport; readonly paths: string[] } | 'none' | undefined> {
  const { verify } = run.policy;
  const reset = paths.filter((path) => isTestFile(path) || isTestSetting(path) || isNamedBy(path, verify));
  if (reset.length === 0 || reset.length > pathsAtMost) return 'none';
  const message = "The base's tests\n";
  const made = await ports.git.commitAnew({
    repository: ref,
    from: commit,
    reset: { paths: reset, to: base },
    parents: [commit],
    message,
    author,
  });
  const known = isFresh ? undefined : run.verifiedTrees.find((one) => one.tree === made.tree && isGreen(one));
  const report = known ?? (await verifyForRun(ports, run, { id, repository: ref, commit: made.commit, signal }));
  return report && { report, paths: reset.slice(0, 50) };
}
