// The tree that a workspace started from, as the mirror has it.
import { localFailure } from '../failure.ts';
import type { GitContext } from '../git-context.ts';
import type { Mirror } from '../mirror-path.ts';
import { requireCommitName } from '../name.ts';
import { joinByteNames, splitByteNames } from '../record.ts';

export interface BaseTree {
  /** By name, byte for byte. */
  readonly entries: ReadonlyMap<string, { readonly mode: string; readonly id: string }>;
  /** The same as git makes an index of it. */
  readonly listing: Buffer;
  /** All files together, as git stores them. */
  readonly bytes: number;
}

export async function readBaseTree(context: GitContext, mirror: Mirror, commit: string): Promise<BaseTree> {
  const args = ['ls-tree', '-r', '-z', '--long', '--full-tree', requireCommitName(commit)];
  const outcome = await context.run({ args, repository: mirror.path });
  if (outcome.code !== 0 || outcome.isCut) throw localFailure('could not read the tree of the base', outcome);
  const entries = new Map<string, { mode: string; id: string }>();
  const lines: string[] = [];
  let bytes = 0;
  for (const record of splitByteNames(outcome.stdout)) {
    const [, mode, type, id, size, name] = /^(\d{6}) (\w+) ([0-9a-f]{40}) +(\d+|-)\t(.*)$/s.exec(record) ?? [];
    if (!mode || !id || !name) throw new Error('git gave a tree that cannot be read');
    entries.set(name, { mode, id });
    lines.push(`${mode} ${type} ${id}\t${name}`);
    // A submodule has no size.
    bytes += size === '-' ? 0 : Number(size);
  }
  return { entries, listing: joinByteNames(lines), bytes };
}
