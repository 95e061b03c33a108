// REST makes drafts, and only GraphQL ends them.
import { z } from 'zod';
import { readAnswer } from './ask-graphql.ts';

export const readyQuery = `mutation($pullRequestId: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $pullRequestId }) { pullRequest { isDraft } }
}`;

const Marked = z.object({
  markPullRequestReadyForReview: z.object({ pullRequest: z.object({ isDraft: z.literal(false) }) }),
});

export function requireReady(answer: unknown): void {
  readAnswer(Marked, answer, 'mark the pull request ready for review');
}
