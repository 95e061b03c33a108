// A commit of ours from the content of another one, with some of its files reset. That works on an index of our own in a
// scratch folder: nothing is checked out.
import { join } from 'node:path';
import type { GitPort } from '../engine/port/git.ts';
import { commitTree } from './commit-tree.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';
import { openMirror } from './open-mirror.ts';
import { readTree } from './read-object.ts';
import type { GitCall, GitOutcome } from './run-git.ts';

export async function commitAnew(
  context: GitContext,
  request: Parameters<GitPort['commitAnew']>[0],
): ReturnType<GitPort['commitAnew']> {
  const mirror = await openMirror(context, request.repository);
  const from = requireCommitName(request.from);
  const { paths, to } = request.reset;
  const tree =
    paths.length === 0
      ? await readTree(context, mirror, from)
      : await writeResetTree(context, mirror, { from, paths, to: requireCommitName(to) });
  if (tree === undefined) throw new Error(`commit ${from} is not in the mirror`);
  const { message, author } = request;
  const parents = request.parents.map(requireCommitName);
  const commit = await commitTree((call) => context.write(mirror, call), { tree, parents, message, author });
  return { commit, tree };
}

async function writeResetTree(
  context: GitContext,
  mirror: Mirror,
  { from, paths, to }: { from: string; paths: readonly string[]; to: string },
): Promise<string> {
  const literal = paths.map((path) => `:(literal)${path}`);
  const listing = await context.run({
    args: ['ls-tree', '-r', '-z', '--full-tree', to, '--', ...literal],
    repository: mirror.path,
  });
  requireDone(listing);
  return await context.withScratch(async (scratch) => {
    const index = join(scratch, 'index');
    const run = async (call: GitCall) =>
      requireDone(await context.write(mirror, { ...call, index, workTree: scratch }));
    await run({ args: ['read-tree', from] });
    const gone = paths.map((path) => `${path}\0`).join('');
    await run({ args: ['update-index', '-z', '--force-remove', '--stdin'], input: gone });
    await run({ args: ['update-index', '-z', '--index-info'], input: listing.stdout });
    const outcome = await run({ args: ['write-tree'] });
    return outcome.stdout.toString('utf8').trim();
  });
}

function requireDone(outcome: GitOutcome): GitOutcome {
  if (outcome.code !== 0) throw localFailure('could not write a tree', outcome);
  return outcome;
}
