// A merge commit of ours whose content somebody else settled. Taking files out of it works on an index of our own in a
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

export async function commitMerge(
  context: GitContext,
  request: Parameters<GitPort['commitMerge']>[0],
): ReturnType<GitPort['commitMerge']> {
  const mirror = await openMirror(context, request.repository);
  const from = requireCommitName(request.from);
  const tree =
    request.without.length === 0
      ? await readTree(context, mirror, from)
      : await writeTreeWithout(context, mirror, { from, without: request.without });
  if (tree === undefined) throw new Error(`commit ${from} is not in the mirror`);
  const { message, author } = request;
  const parents = request.parents.map(requireCommitName);
  const commit = await commitTree((call) => context.write(mirror, call), { tree, parents, message, author });
  return { commit, tree };
}

async function writeTreeWithout(
  context: GitContext,
  mirror: Mirror,
  { from, without }: { from: string; without: readonly string[] },
): Promise<string> {
  return await context.withScratch(async (scratch) => {
    const index = join(scratch, 'index');
    const run = async (call: GitCall) =>
      requireDone(await context.write(mirror, { ...call, index, workTree: scratch }));
    await run({ args: ['read-tree', from] });
    await run({
      args: ['update-index', '-z', '--force-remove', '--stdin'],
      input: without.map((path) => `${path}\0`).join(''),
    });
    const outcome = await run({ args: ['write-tree'] });
    return outcome.stdout.toString('utf8').trim();
  });
}

function requireDone(outcome: GitOutcome): GitOutcome {
  if (outcome.code !== 0) throw localFailure('could not write a tree', outcome);
  return outcome;
}
