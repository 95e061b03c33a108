// Reviews of pull requests and the comments on lines that belong to them.
import { z } from 'zod';
import { createReview, editReviewComment } from '../action/review.ts';
import { type PullIssue, pullsOf, reviewCommentOf } from '../state/find.ts';
import type { Review, ReviewComment } from '../state/pull.ts';
import { notFound } from '../state/refusal.ts';
import { reviewCommentView, reviewView } from '../view/review-view.ts';
import type { RepositoryCall } from './call.ts';
import { requireAuthor } from './issue-routes.ts';
import { listPage } from './paginate.ts';
import { callPull } from './pull-routes.ts';
import { type Answer, needs, ok, type Route, repositoryRoute } from './route.ts';

/** Positions by line; the older `position` in the diff is refused, as nobody here should need it. */
const CommentBody = z.object({
  path: z.string(),
  body: z.string().min(1),
  line: z.number().int(),
  side: z.enum(['LEFT', 'RIGHT']).default('RIGHT'),
  start_line: z.number().int().nullish(),
  start_side: z.enum(['LEFT', 'RIGHT']).nullish(),
});

const EditBody = z.object({ body: z.string().min(1) });

const ReviewBody = z.object({
  commit_id: z.string().optional(),
  body: z.string().nullish(),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).optional(),
  comments: z.array(CommentBody).default([]),
});

async function postReview(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const pull = callPull(of);
  const body = call.read(ReviewBody);
  const comments = body.comments.map(({ start_line: startLine, ...comment }) => ({
    ...comment,
    startLine: startLine ?? null,
  }));
  const review = { body: body.body ?? '', event: body.event, commitSha: body.commit_id, comments };
  const made = await createReview(world, repository, { actor: call.actor, pull, review });
  return ok(reviewView({ world, repository, pull, item: made }));
}

function callReview(of: RepositoryCall): Review {
  const id = of.call.number('review_id');
  const review = callPull(of).pull.reviews.find((one) => one.id === id);
  if (!review) throw notFound();
  return review;
}

/** The form inside a review has positions in the diff only, without lines. */
function commentOfReview(of: RepositoryCall, item: ReviewComment) {
  const { world, repository } = of;
  return reviewCommentView({ world, repository, pull: callPull(of), item });
}

function listOfReview(of: RepositoryCall): Promise<Answer> {
  const review = callReview(of);
  const comments = callPull(of).pull.reviewComments.filter((comment) => comment.reviewId === review.id);
  return listPage(of.call, comments, (item) => commentOfReview(of, item));
}

function callComment({ call, repository }: RepositoryCall): { comment: ReviewComment; pull: PullIssue } {
  return reviewCommentOf(repository, call.number('comment_id'));
}

function since<Item extends ReviewComment>(comments: readonly Item[], query: URLSearchParams): readonly Item[] {
  const earliest = Date.parse(query.get('since') ?? '') || 0;
  return comments.filter((comment) => comment.updatedAt >= earliest);
}

/** Of all pull requests: by id, unless sorted. */
function listOfRepository({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sort = call.query.get('sort');
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt';
  const all = pullsOf(repository).flatMap((pull) => pull.pull.reviewComments.map((item) => ({ pull, ...item })));
  const listed = since(all, call.query).toSorted((one, other) =>
    sort === null ? one.id - other.id : one[key] - other[key],
  );
  const newestFirst = sort !== null && call.query.get('direction') === 'desc';
  return listPage(call, newestFirst ? listed.toReversed() : listed, ({ pull, ...item }) =>
    reviewCommentView({ world, repository, pull, item }),
  );
}

async function patchComment(of: RepositoryCall): Promise<Answer> {
  const { call, world, repository } = of;
  const { comment: item, pull } = callComment(of);
  requireAuthor(call, repository, item.author);
  await editReviewComment(world, repository, {
    actor: call.actor,
    pull,
    comment: item,
    body: call.read(EditBody).body,
  });
  return ok(reviewCommentView({ world, repository, pull, item }));
}

/** Before `/pulls/{pull_number}`. */
export const reviewCommentRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls/comments', needs.readPulls, listOfRepository),
  repositoryRoute('PATCH /pulls/comments/{comment_id}', needs.writePulls, patchComment),
];

export const reviewRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls/{pull_number}/reviews', needs.readPulls, (of) => {
    const { call, world, repository } = of;
    const pull = callPull(of);
    return listPage(call, pull.pull.reviews, (item) => reviewView({ world, repository, pull, item }));
  }),
  repositoryRoute('POST /pulls/{pull_number}/reviews', needs.writePulls, postReview),
  repositoryRoute('GET /pulls/{pull_number}/reviews/{review_id}', needs.readPulls, (of) =>
    ok(reviewView({ world: of.world, repository: of.repository, pull: callPull(of), item: callReview(of) })),
  ),
  repositoryRoute('GET /pulls/{pull_number}/reviews/{review_id}/comments', needs.readPulls, listOfReview),
  repositoryRoute('GET /pulls/{pull_number}/comments', needs.readPulls, (of) =>
    listPage(of.call, since(callPull(of).pull.reviewComments, of.call.query), (item) => commentOfReview(of, item)),
  ),
];
