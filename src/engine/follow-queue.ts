import { type GroupRecord, parseQueueRef, queuePrefix } from '../core/model/group.ts';
import { toGroupId } from '../core/model/subject.ts';
import type { RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

/** One pull request in the queue: what it puts on what is before it, and as which commit. */
export interface QueueLink {
  readonly number: number;
  readonly base: string;
  readonly head: string;
}

/** GitHub builds at most a hundred at a time. */
const linksAtMost = 100;

/**
 * From a commit of the queue back to the base branch, in the order in which it would be merged: each stands on the one
 * before it, until one stands on the branch itself. What the queue told us of a commit comes before what its branches are
 * called. Undefined where that leads nowhere, so that nobody can tell what the commit holds.
 */
export async function followQueue(
  ports: Pick<WorkPorts, 'git' | 'github' | 'store'>,
  { record, ref, tip }: { readonly record: GroupRecord; readonly ref: RepositoryRef; readonly tip: string },
): Promise<QueueLink[] | undefined> {
  const { repository, branch } = record;
  let link: QueueLink = { number: record.number, base: record.base, head: record.head };
  if (!(await holds(ports, ref, link))) return undefined;
  const links = [link];
  while (!(await ports.git.isAncestor(ref, link.base, tip))) {
    const before =
      (await findTold(ports, record, link.base)) ??
      findNamed(await ports.github.listBranches(repository, `${queuePrefix}${branch}/`), branch, link.base);
    if (!before || links.length >= linksAtMost || !(await holds(ports, ref, before))) return undefined;
    links.unshift(before);
    link = before;
  }
  return links;
}

/** It really stands on what it is said to stand on. */
async function holds({ git }: Pick<WorkPorts, 'git'>, ref: RepositoryRef, { base, head }: QueueLink): Promise<boolean> {
  if (base === head || (await git.treeOf(ref, base)) === undefined) return false;
  return await git.isAncestor(ref, base, head);
}

async function findTold(
  { store }: Pick<WorkPorts, 'store'>,
  { repository, branch }: GroupRecord,
  head: string,
): Promise<QueueLink | undefined> {
  const { record } = await store.loadGroup(toGroupId(repository.host, repository.id, head));
  return record?.branch === branch ? { number: record.number, base: record.base, head } : undefined;
}

/** Whose delivery was lost is found by its branch, which GitHub names after the pull request and what it stands on. */
function findNamed(
  branches: readonly { readonly name: string; readonly head: string }[],
  branch: string,
  head: string,
): QueueLink | undefined {
  const named = branches.find((one) => one.head === head);
  const parsed = named && parseQueueRef(named.name);
  return parsed?.branch === branch ? { number: parsed.number, base: parsed.base, head } : undefined;
}
