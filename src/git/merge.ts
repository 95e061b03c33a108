// Three-way merge without a working tree: nothing is checked out, so nothing of the content can act.
import type { Author, GitPort, MergeResult, RepositoryRef } from '../engine/port/git.ts';
import { commitTree } from './commit-tree.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import { requireCommitName } from './name.ts';
import { openMirror } from './open-mirror.ts';
import { splitRecords } from './record.ts';

export interface MergeRequest {
  readonly repository: RepositoryRef;
  readonly ours: string;
  readonly theirs: string;
  readonly message: string;
  readonly author: Author;
}

export async function merge(context: GitContext, request: MergeRequest): Promise<MergeResult> {
  const merged = await mergeTrees(context, request);
  return merged.kind === 'merged' ? merged : { kind: 'conflict', paths: merged.paths };
}

/** Where it conflicts, the tree with git's marks becomes a commit on our side alone: nothing of it is merged. */
export async function markConflict(
  context: GitContext,
  request: Omit<MergeRequest, 'message'>,
): ReturnType<GitPort['markConflict']> {
  const message = 'Both sides of a conflict\n';
  const merged = await mergeTrees(context, { ...request, message });
  if (merged.kind === 'merged') return merged;
  const { author, ours } = request;
  const mirror = await openMirror(context, request.repository);
  const marked = { tree: merged.tree, parents: [ours], message, author };
  const commit = await commitTree((call) => context.write(mirror, call), marked);
  return { kind: 'conflict', commit, paths: merged.paths };
}

type Merged = Extract<MergeResult, { kind: 'merged' }> | { kind: 'conflict'; tree: string; paths: string[] };

async function mergeTrees(context: GitContext, request: MergeRequest): Promise<Merged> {
  const parents = [requireCommitName(request.ours), requireCommitName(request.theirs)];
  const mirror = await openMirror(context, request.repository);
  const outcome = await context.write(mirror, {
    args: ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ...parents],
  });
  if (outcome.code > 1) throw localFailure('could not merge', outcome);
  const [tree, ...paths] = splitRecords(outcome.stdout).map((record) => record.toString('utf8'));
  if (tree === undefined) throw localFailure('could not merge', outcome);
  if (outcome.code === 1) return { kind: 'conflict', tree, paths: [...new Set(paths)] };
  const { message, author } = request;
  const commit = await commitTree((call) => context.write(mirror, call), { tree, parents, message, author });
  return { kind: 'merged', commit, tree };
}
