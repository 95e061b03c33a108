// The tree that a workspace started from, as the mirror has it.
import { localFailure } from '../failure.ts';
import type { GitContext } from '../git-context.ts';
import type { Mirror } from '../mirror-path.ts';
import { requireCommitName } from '../name.ts';
import { splitRecords } from '../record.ts';

export interface BaseTree {
  /** What `ls-tree -r -z` printed: an index can be made of it. */
  readonly listing: Buffer;
  /** By name, byte for byte. */
  readonly entries: ReadonlyMap<string, { readonly mode: string; readonly id: string }>;
}

export async function readBaseTree(context: GitContext, mirror: Mirror, commit: string): Promise<BaseTree> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', requireCommitName(commit)];
  const outcome = await context.run({ args, repository: mirror.path });
  if (outcome.code !== 0) throw localFailure('could not read the tree of the base', outcome);
  const entries = new Map<string, { mode: string; id: string }>();
  for (const record of splitRecords(outcome.stdout)) {
    const [, mode, id, name] = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.*)$/s.exec(record.toString('latin1')) ?? [];
    if (!mode || !id || !name) throw new Error('git gave a tree that cannot be read');
    entries.set(name, { mode, id });
  }
  return { listing: outcome.stdout, entries };
}
