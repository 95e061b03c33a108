import type { Author } from '../engine/port/git.ts';
import { localFailure } from './failure.ts';
import type { GitCall, GitOutcome } from './run-git.ts';

/** Makes a commit of ours: nothing in it comes from anybody else but the tree. */
export async function commitTree(
  run: (call: GitCall) => Promise<GitOutcome>,
  commit: { tree: string; parents: readonly string[]; message: string; author: Author },
): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const message = commit.message.replaceAll('\0', '');
  const outcome = await run({
    args: ['commit-tree', ...parents, '-F', '-', commit.tree],
    author: commit.author,
    input: message,
  });
  if (outcome.code !== 0) throw localFailure('could not make a commit', outcome);
  return outcome.stdout.toString('utf8').trim();
}
