// Leaves out what base's own ignore files name. The workspace's ignore files were heard already; these are heard even
// when an agent changed or removed them, so that nobody's build output is captured because of that.
import { join } from 'node:path';
import { localFailure } from '../failure.ts';
import type { GitContext } from '../git-context.ts';
import type { Mirror } from '../mirror-path.ts';
import { joinByteNames, splitByteNames } from '../record.ts';
import type { GitOutcome } from '../run-git.ts';
import type { BaseTree } from './base-tree.ts';

export async function dropIgnored(
  context: GitContext,
  mirror: Mirror,
  paths: { base: BaseTree; untracked: readonly string[] },
): Promise<readonly string[]> {
  const { base, untracked } = paths;
  const rules = [...base.entries].filter(
    ([name, entry]) => /(?:^|\/)\.gitignore$/.test(name) && entry.mode.startsWith('100'),
  );
  if (rules.length === 0 || untracked.length === 0) return untracked;
  // A tree that holds nothing but the ignore files, which git itself writes, so that no name leads out of it.
  return context.withScratch(async (scratch) => {
    const tree = { repository: mirror.path, workTree: scratch, index: join(scratch, 'index') };
    const listing = joinByteNames(rules.map(([name, { mode, id }]) => `${mode} blob ${id}\t${name}`));
    requireDone(await context.run({ ...tree, args: ['update-index', '-z', '--index-info'], input: listing }));
    requireDone(await context.run({ ...tree, args: ['checkout-index', '--all', '--quiet'] }));
    // From the current folder, so that a name that begins with a colon is not taken for an expression.
    const input = joinByteNames(untracked.map((name) => `./${name}`));
    const outcome = await context.run({ ...tree, args: ['check-ignore', '--no-index', '-z', '--stdin'], input });
    // 1 says that nothing is ignored.
    if (outcome.code !== 1) requireDone(outcome);
    const ignored = new Set(splitByteNames(outcome.stdout));
    return untracked.filter((name) => !ignored.has(`./${name}`));
  });
}

function requireDone(outcome: GitOutcome): void {
  if (outcome.code !== 0) throw localFailure('could not apply the ignore files of the base', outcome);
}
