import { queuePrefix } from '../core/model/group.ts';
import { type Repository, toGroupId } from '../core/model/subject.ts';
import type { GitHubReader } from './port/github.ts';
import type { StorePort } from './port/store.ts';

/**
 * Whether the merge queue has this commit, or its own publisher may still write there. The check of such a commit is the
 * queue's alone: whatever else it said, the queue would merge by. One that nobody told us of yet is known by its branch.
 */
export async function isQueued(
  {
    store,
    github,
  }: { readonly store: Pick<StorePort, 'loadGroup'>; readonly github: Pick<GitHubReader, 'listBranches'> },
  repository: Repository,
  head: string,
): Promise<boolean> {
  const { record, isNewer, outbox } = await store.loadGroup(toGroupId(repository.host, repository.id, head));
  if (isNewer) return true;
  if (record) return record.state.kind !== 'over' || outbox.some(({ action }) => action.kind === 'show_group');
  const branches = await github.listBranches(repository, queuePrefix);
  return branches.some((branch) => branch.head === head);
}
