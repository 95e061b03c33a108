import type { CaptureResult, GitPort } from '../../engine/port/git.ts';
import { diffCommits } from '../diff.ts';
import type { GitContext } from '../git-context.ts';
import { requireCommitName } from '../name.ts';
import { openMirror } from '../open-mirror.ts';
import { admitPack } from './admit-pack.ts';
import { readBaseTree } from './base-tree.ts';
import { packWorkspace } from './pack-workspace.ts';

/** From a workspace to one commit of ours in the mirror; see the port. */
export async function capture(context: GitContext, request: Parameters<GitPort['capture']>[0]): Promise<CaptureResult> {
  const { repository, message, author, maxBytes } = request;
  const base = requireCommitName(request.base);
  const mirror = await openMirror(context, repository);
  const baseTree = await readBaseTree(context, mirror, base);
  const sandbox = await request.openSandbox();
  const packed = await packWorkspace({ context, mirror, sandbox, base: baseTree, maxBytes }).finally(() =>
    sandbox.dispose(),
  );
  if (packed.kind !== 'packed') return packed;
  const admitted = await admitPack(context, mirror, {
    packed,
    base: { commit: base, tree: baseTree },
    message,
    author,
    maxBytes,
  });
  if (admitted.kind !== 'admitted') return admitted;
  const diff = await diffCommits(context, mirror, { base, head: admitted.commit });
  return { kind: 'captured', commit: admitted.commit, tree: packed.tree, ...diff };
}
