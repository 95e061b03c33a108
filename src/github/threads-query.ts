// The threads of what is said beside lines of a pull request: REST knows its comments, and not whether a thread is
// resolved. One query and two mutations, which GitHub's published GraphQL schema allows.
import { z } from 'zod';
import type { ReviewThread } from '../engine/port/github.ts';
import { readAnswer } from './ask-graphql.ts';

/** By `fullDatabaseId`, since the numbers of comments have outgrown `databaseId`, which is an Int. */
export const threadsQuery = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved resolvedBy { login } comments(first: 1) { totalCount nodes { fullDatabaseId } } }
      }
    }
  }
}`;

export const resolveQuery = `mutation($threadId: ID!) {
  resolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } }
}`;

export const unresolveQuery = `mutation($threadId: ID!) {
  unresolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } }
}`;

/** GitHub writes a BigInt as text. */
const CommentId = z.union([z.string().regex(/^\d+$/).transform(Number), z.number()]).pipe(z.int());

const Comment = z.object({ fullDatabaseId: CommentId.nullable() });

const Thread = z.object({
  id: z.string().min(1),
  isResolved: z.boolean(),
  resolvedBy: z.object({ login: z.string() }).nullable(),
  comments: z.object({ totalCount: z.int(), nodes: z.array(Comment.nullable()).nullable() }),
});

const Threads = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(Thread.nullable()).nullable(),
      }),
    }),
  }),
});

const Resolved = z.object({ resolveReviewThread: z.object({ thread: z.object({ isResolved: z.literal(true) }) }) });
const Unresolved = z.object({
  unresolveReviewThread: z.object({ thread: z.object({ isResolved: z.literal(false) }) }),
});

/** One page of threads, and where the next one begins. `slug`: our app's. */
export function toThreadPage(
  answer: unknown,
  slug: string,
): {
  readonly threads: readonly ReviewThread[];
  readonly next: string | undefined;
} {
  const { reviewThreads } = readAnswer(Threads, answer, 'list the threads of the remarks').repository.pullRequest;
  const { pageInfo, nodes } = reviewThreads;
  return {
    threads: (nodes ?? []).flatMap((thread) => {
      const commentId = thread?.comments.nodes?.[0]?.fullDatabaseId;
      if (!thread || !commentId) return [];
      const { id, isResolved, resolvedBy, comments } = thread;
      const isResolvedByUs = isResolved && isOurs(resolvedBy, slug);
      return [{ id, commentId, isAnswered: comments.totalCount > 1, isResolved, isResolvedByUs }];
    }),
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  };
}

/** The schema has a user there, and an App is none: where nobody is named it was an App, or somebody whose account is gone. */
function isOurs(by: { readonly login: string } | null, slug: string): boolean {
  return by === null || (slug !== '' && (by.login === slug || by.login === `${slug}[bot]`));
}

export function requireResolved(answer: unknown): void {
  readAnswer(Resolved, answer, 'resolve the thread of a remark');
}

export function requireUnresolved(answer: unknown): void {
  readAnswer(Unresolved, answer, 'open the thread of a remark again');
}
