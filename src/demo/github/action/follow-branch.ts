// What a moved or deleted branch does to the pull requests that have it as head or base.
import { isAncestor, readRef } from '../git/refs.ts';
import type { Actor } from '../state/actor.ts';
import { pullsOf } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { addIssueEvent, announceIssue } from './announce.ts';
import { closeFixedIssues } from './closing-keyword.ts';
import { closeIssue, markClosed } from './issue.ts';
import { setPullHead } from './pull-head.ts';
import { readHeadSha } from './pull-state.ts';

interface BranchMove {
  readonly actor: Actor;
  readonly branch: string;
  readonly change: {
    readonly before: string | undefined;
    readonly after: string | undefined;
    readonly forced: boolean;
  };
}

/** A new head is a `synchronize`; a deleted one closes. The pull requests may be in another repository than the branch. */
export async function followHead(
  world: World,
  source: Repository,
  { actor, branch, change }: BranchMove,
): Promise<void> {
  for (const repository of world.repositories.values()) {
    for (const issue of pullsOf(repository)) {
      const { head } = issue.pull;
      if (issue.state !== 'open' || head.repositoryId !== source.id || head.ref !== branch) continue;
      if (change.after === undefined) {
        addIssueEvent(world, issue, { kind: 'head_ref_deleted', by: actor });
        await closeIssue(world, repository, { actor, issue });
        continue;
      }
      await setPullHead(world, repository, { number: issue.number, head });
      issue.pull.baseSha = (await readRef(repository.git, `refs/heads/${issue.pull.baseRef}`)) ?? issue.pull.baseSha;
      issue.updatedAt = world.now();
      if (change.forced) addIssueEvent(world, issue, { kind: 'head_ref_force_pushed', by: actor });
      const extra = { before: change.before, after: change.after };
      await announceIssue(world, repository, { issue, actor, action: 'synchronize', extra });
    }
  }
}

/** A head that is in its base now was merged, by whatever way it came there. */
export async function followBase(
  world: World,
  repository: Repository,
  { actor, branch, change }: BranchMove,
): Promise<void> {
  for (const issue of pullsOf(repository)) {
    if (issue.state !== 'open' || issue.pull.baseRef !== branch) continue;
    if (change.after === undefined) {
      await closeIssue(world, repository, { actor, issue });
      continue;
    }
    const headSha = await readHeadSha(repository, issue.number);
    if (!(await isAncestor(repository.git, headSha, change.after))) continue;
    issue.pull.merged = { sha: change.after, at: world.now(), by: actor.login };
    addIssueEvent(world, issue, { kind: 'merged', by: actor, commitSha: change.after });
    markClosed(world, issue, { actor });
    await announceIssue(world, repository, { issue, actor, action: 'closed' });
    const text = `${issue.title}\n${issue.body ?? ''}`;
    if (branch === repository.defaultBranch) await closeFixedIssues(world, repository, { actor, text });
  }
}
