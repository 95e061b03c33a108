// Ending a draft: of Apps the permission to write pull requests is asked for; people do so with theirs, or with write on all.
import { z } from 'zod';
import { readyQuery } from '../../../github/ready-query.ts';
import { setDraft } from '../action/pull.ts';
import { type PullIssue, pullsOf } from '../state/find.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { isAtLeastIn } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { nodeId } from '../view/format.ts';
import { actorOf } from './call.ts';
import { requirePermission, requireSight } from './graphql-authority.ts';
import type { GraphqlCaller, GraphqlOperation } from './graphql-operation.ts';

const OfPull = z.object({ pullRequestId: z.string() });

export const readyOperation: GraphqlOperation = {
  name: 'markPullRequestReadyForReview',
  document: readyQuery,
  isWrite: true,
  async perform({ world, caller, variables }) {
    const { repository, pull } = findPull(world, OfPull.parse(variables).pullRequestId);
    requireSight(caller, repository);
    requireWrite(caller, repository, pull);
    if (pull.state === 'closed') throw new Refusal(422, 'Pull request is closed');
    await setDraft(world, repository, { actor: actorOf(caller), pull, draft: false });
    return { markPullRequestReadyForReview: { pullRequest: { isDraft: pull.pull.draft } } };
  },
};

function findPull(world: World, id: string): { repository: Repository; pull: PullIssue } {
  for (const repository of world.repositories.values())
    for (const pull of pullsOf(repository)) if (nodeId('PullRequest', pull.pull.id) === id) return { repository, pull };
  throw notFound();
}

function requireWrite(caller: GraphqlCaller, repository: Repository, pull: PullIssue): void {
  if (caller.kind === 'installation') return requirePermission(caller, 'pull_requests', 'write');
  const { login } = caller.account;
  if (login.toLowerCase() === pull.author.toLowerCase() || isAtLeastIn(repository, login, 'write')) return;
  throw new Refusal(403, `${login} does not have permission to mark this pull request ready for review`);
}
