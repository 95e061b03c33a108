import { author } from './author.ts';
import type { MergeResult, RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

/** What stands there afterwards, or why nothing does; no ref is moved. */
export type ForwardMerge =
  | { readonly kind: 'merged'; readonly commit: string }
  | Extract<MergeResult, { kind: 'conflict' }>;

interface Sides {
  readonly repository: RepositoryRef;
  readonly ours: string;
  readonly theirs: string;
  readonly message: string;
}

/** What stands on exactly ours needs no merge commit of its own, as with git's fast forward. */
export async function mergeForward(
  { git }: WorkPorts,
  { repository, ours, theirs, message }: Sides,
): Promise<ForwardMerge> {
  if (await git.isAncestor(repository, ours, theirs)) return { kind: 'merged', commit: theirs };
  return await git.merge({ repository, ours, theirs, message, author });
}

/** What would be on the base branch after the merge, only to look at it. */
export async function mergeToLook(
  ports: WorkPorts,
  { repository, head, base }: { readonly repository: RepositoryRef; readonly head: string; readonly base: string },
): Promise<ForwardMerge> {
  return await mergeForward(ports, { repository, ours: base, theirs: head, message: `Merge ${head}\n` });
}
