import type { Git } from './git.ts';

export type TreeMerge =
  | { readonly kind: 'merged'; readonly tree: string }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** A three-way merge of two commits, without a work tree. */
export async function mergeTree(git: Git, ours: string, theirs: string): Promise<TreeMerge> {
  const answer = await git.run(['merge-tree', '--write-tree', '--name-only', '-z', '--no-messages', ours, theirs], {
    okCodes: [0, 1],
  });
  const [tree = '', ...paths] = answer.stdout.toString().split('\0').filter(Boolean);
  return answer.code === 0 ? { kind: 'merged', tree } : { kind: 'conflict', paths };
}
