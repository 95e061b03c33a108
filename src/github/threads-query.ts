// The threads of what is said beside lines of a pull request: REST knows its comments, and not whether a thread is
// resolved. One query and one mutation, which GitHub's published GraphQL schema allows.
import { z } from 'zod';
import type { ReviewThread } from '../engine/port/github.ts';
import { readAnswer } from './ask-graphql.ts';

/** By `fullDatabaseId`, since the numbers of comments have outgrown `databaseId`, which is an Int. */
export const threadsQuery = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved comments(first: 1) { nodes { fullDatabaseId } } }
      }
    }
  }
}`;

export const resolveQuery = `mutation($threadId: ID!) {
  resolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } }
}`;

/** GitHub writes a BigInt as text. */
const CommentId = z.union([z.string().regex(/^\d+$/).transform(Number), z.number()]).pipe(z.int());

const Comment = z.object({ fullDatabaseId: CommentId.nullable() });

const Thread = z.object({
  id: z.string().min(1),
  isResolved: z.boolean(),
  comments: z.object({ nodes: z.array(Comment.nullable()).nullable() }),
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

/** One page of threads, and where the next one begins. */
export function toThreadPage(answer: unknown): {
  readonly threads: readonly ReviewThread[];
  readonly next: string | undefined;
} {
  const { reviewThreads } = readAnswer(Threads, answer, 'list the threads of the remarks').repository.pullRequest;
  const { pageInfo, nodes } = reviewThreads;
  return {
    threads: (nodes ?? []).flatMap((thread) => {
      const commentId = thread?.comments.nodes?.[0]?.fullDatabaseId;
      return thread && commentId ? [{ id: thread.id, isResolved: thread.isResolved, commentId }] : [];
    }),
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  };
}

export function requireResolved(answer: unknown): void {
  readAnswer(Resolved, answer, 'resolve the thread of a remark');
}
