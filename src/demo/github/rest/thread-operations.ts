// The threads of a pull request, resolving one, and opening it again. Each has the number of the comment that it began with.
import { z } from 'zod';
import { resolveQuery, threadsQuery, unresolveQuery } from '../../../github/threads-query.ts';
import { setThreadResolved } from '../action/review-thread.ts';
import { findRepository, type PullIssue, pullOf, pullsOf } from '../state/find.ts';
import type { ReviewComment } from '../state/pull.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { isAtLeastIn } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { nodeId } from '../view/format.ts';
import { actorOf } from './call.ts';
import { requirePermission, requireSight } from './graphql-authority.ts';
import type { GraphqlCall, GraphqlCaller, GraphqlOperation } from './graphql-operation.ts';

const perPage = 100;

const OfPull = z.object({
  owner: z.string(),
  name: z.string(),
  number: z.number(),
  after: z.string().nullish(),
});

export const threadsOperation: GraphqlOperation = {
  name: 'reviewThreads',
  document: threadsQuery,
  isWrite: false,
  perform({ world, caller, variables }) {
    const { owner, name, number, after } = OfPull.parse(variables);
    const repository = findRepository(world, `${owner}/${name}`);
    if (!repository) throw notFound();
    requireSight(caller, repository);
    const { reviewComments } = pullOf(repository, number).pull;
    const threads = reviewComments.filter(beginsThread);
    const start = after ? threads.findIndex(({ id }) => toCursor(id) === after) + 1 : 0;
    const page = threads.slice(start, start + perPage);
    const last = page.at(-1);
    return {
      repository: {
        pullRequest: {
          reviewThreads: {
            pageInfo: { hasNextPage: threads.length > start + perPage, endCursor: last ? toCursor(last.id) : null },
            nodes: page.map((comment) => ({
              ...toThread(comment),
              resolvedBy: comment.resolvedBy === null ? null : { login: comment.resolvedBy },
              comments: {
                totalCount: 1 + reviewComments.filter(({ inReplyTo }) => inReplyTo === comment.id).length,
                nodes: [{ fullDatabaseId: String(comment.id) }],
              },
            })),
          },
        },
      },
    };
  },
};

const OfThread = z.object({ threadId: z.string() });

export const resolveOperation: GraphqlOperation = {
  name: 'resolveReviewThread',
  document: resolveQuery,
  isWrite: true,
  perform: (call) => ({ resolveReviewThread: { thread: settleThread(call, true) } }),
};

export const unresolveOperation: GraphqlOperation = {
  name: 'unresolveReviewThread',
  document: unresolveQuery,
  isWrite: true,
  perform: (call) => ({ unresolveReviewThread: { thread: settleThread(call, false) } }),
};

function settleThread({ world, caller, variables }: GraphqlCall, isResolved: boolean) {
  const { repository, pull, comment } = findThread(world, OfThread.parse(variables).threadId);
  requireSight(caller, repository);
  requireWrite(caller, repository, pull);
  setThreadResolved(world, repository, { actor: actorOf(caller), pull, comment, isResolved });
  return toThread(comment);
}

/** What a thread begins with. */
function beginsThread({ inReplyTo }: ReviewComment): boolean {
  return inReplyTo === undefined;
}

function toThread({ id, resolvedBy }: ReviewComment) {
  return { id: nodeId('PullRequestReviewThread', id), isResolved: resolvedBy !== null };
}

function toCursor(id: number): string {
  return nodeId('Cursor', id);
}

function findThread(
  world: World,
  threadId: string,
): { repository: Repository; pull: PullIssue; comment: ReviewComment } {
  for (const repository of world.repositories.values())
    for (const pull of pullsOf(repository))
      for (const comment of pull.pull.reviewComments.filter(beginsThread))
        if (toThread(comment).id === threadId) return { repository, pull, comment };
  throw notFound();
}

/** Of Apps both permissions are asked for; people resolve what is on their own pull requests, and with write on all. */
function requireWrite(caller: GraphqlCaller, repository: Repository, pull: PullIssue): void {
  if (caller.kind === 'installation') {
    requirePermission(caller, 'pull_requests', 'write');
    return requirePermission(caller, 'contents', 'write');
  }
  const { login } = caller.account;
  if (login.toLowerCase() === pull.author.toLowerCase() || isAtLeastIn(repository, login, 'write')) return;
  throw new Refusal(403, `${login} does not have permission to resolve this thread`);
}
