// Reviews and their comments on lines of the diff.
import { readFileDiffs } from '../git/diff.ts';
import type { Actor } from '../state/actor.ts';
import type { PullIssue } from '../state/find.ts';
import type { Review, ReviewComment, ReviewState } from '../state/pull.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { iso } from '../view/format.ts';
import { simplePullView } from '../view/pull-view.ts';
import { reviewCommentView, reviewView } from '../view/review-view.ts';
import { emit } from '../webhook/emit.ts';
import { viaPart } from './announce.ts';
import { findHunk } from './diff-hunk.ts';
import { checkBody } from './limit.ts';
import { readSides } from './pull-state.ts';

type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';

interface NewLineComment {
  readonly path: string;
  readonly line: number;
  readonly side: 'LEFT' | 'RIGHT';
  readonly startLine: number | null;
  readonly body: string;
}

export interface NewReview {
  readonly body: string;
  /** Undefined: the review stays pending and nobody else sees it. */
  readonly event: ReviewEvent | undefined;
  /** Default: the head. */
  readonly commitSha?: string | undefined;
  readonly comments: readonly NewLineComment[];
}

const stateOf: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

export async function createReview(
  world: World,
  repository: Repository,
  of: { actor: Actor; pull: PullIssue; review: NewReview },
): Promise<Review> {
  const { actor, pull, review: input } = of;
  requireAllowed(of);
  checkBody('PullRequestReview', input.body);
  const sides = await readSides(repository, pull);
  const files = await readFileDiffs(repository.git, sides.mergeBase, sides.headSha);
  // Every position is checked before anything is kept: one wrong comment refuses the whole review.
  const hunks = input.comments.map((comment) => {
    const hunk = findHunk(files.find((file) => file.path === comment.path)?.patch, comment);
    if (hunk === undefined) throw new Refusal(422, 'Unprocessable Entity: Line could not be resolved');
    return hunk;
  });
  const review: Review = {
    id: world.nextId(),
    author: actor.login,
    ...viaPart(actor),
    body: input.body,
    state: input.event === undefined ? 'PENDING' : stateOf[input.event],
    commitSha: input.commitSha ?? sides.headSha,
    submittedAt: input.event === undefined ? null : world.now(),
  };
  pull.pull.reviews.push(review);
  const comments = input.comments.map((comment, position) =>
    newComment(world, { review, comment, diffHunk: hunks[position] ?? '' }),
  );
  pull.pull.reviewComments.push(...comments);
  pull.updatedAt = world.now();
  if (review.state !== 'PENDING') await announceReview(world, repository, { actor, pull, review, comments });
  return review;
}

function requireAllowed({ actor, pull, review }: { actor: Actor; pull: PullIssue; review: NewReview }): void {
  const own = actor.login.toLowerCase() === pull.author.toLowerCase();
  if (own && review.event === 'APPROVE') throw new Refusal(422, 'Can not approve your own pull request');
  if (own && review.event === 'REQUEST_CHANGES') {
    throw new Refusal(422, 'Can not request changes on your own pull request');
  }
  const needsBody = review.event === 'REQUEST_CHANGES' || (review.event === 'COMMENT' && review.comments.length === 0);
  if (needsBody && review.body.trim() === '') {
    throw invalid({ resource: 'PullRequestReview', field: 'body', code: 'missing_field' });
  }
}

function newComment(world: World, of: { review: Review; comment: NewLineComment; diffHunk: string }): ReviewComment {
  const { review, comment, diffHunk } = of;
  return {
    id: world.nextId(),
    reviewId: review.id,
    author: review.author,
    path: comment.path,
    line: comment.line,
    startLine: comment.startLine,
    side: comment.side,
    commitSha: review.commitSha,
    diffHunk,
    body: comment.body,
    createdAt: world.now(),
    updatedAt: world.now(),
    resolvedBy: null,
  };
}

/** GitHub keeps an answer as a review of its own, without words and with that one comment. */
export async function answerThread(
  world: World,
  repository: Repository,
  of: { actor: Actor; pull: PullIssue; comment: ReviewComment; body: string },
): Promise<ReviewComment> {
  const { actor, pull, comment: first, body } = of;
  checkBody('PullRequestReviewComment', body);
  const review: Review = {
    id: world.nextId(),
    author: actor.login,
    ...viaPart(actor),
    body: '',
    state: 'COMMENTED',
    commitSha: first.commitSha,
    submittedAt: world.now(),
  };
  const { path, line, side, startLine, diffHunk } = first;
  const comment = { path, line, side, startLine, body };
  const answer = { ...newComment(world, { review, comment, diffHunk }), inReplyTo: first.id };
  pull.pull.reviews.push(review);
  pull.pull.reviewComments.push(answer);
  pull.updatedAt = world.now();
  await announceReview(world, repository, { actor, pull, review, comments: [answer] });
  return answer;
}

async function announceReview(
  world: World,
  repository: Repository,
  of: { actor: Actor; pull: PullIssue; review: Review; comments: readonly ReviewComment[] },
): Promise<void> {
  const { actor, pull, review } = of;
  const shared = { pull_request: await simplePullView(world, repository, pull) };
  const view = {
    ...reviewView({ world, repository, pull, item: review }),
    // Webhooks write states in lower case, and always have a date.
    state: review.state.toLowerCase(),
    submitted_at: iso(review.submittedAt ?? world.now()),
    updated_at: iso(review.submittedAt ?? world.now()),
    body: review.body === '' ? null : review.body,
  };
  const event = { actor, number: pull.number };
  emit(world, repository, {
    ...event,
    event: 'pull_request_review',
    action: 'submitted',
    payload: { ...shared, review: view },
  });
  for (const item of of.comments) {
    const comment = reviewCommentView({ world, repository, pull, item });
    emit(world, repository, {
      ...event,
      event: 'pull_request_review_comment',
      action: 'created',
      payload: { ...shared, comment },
    });
  }
}

export async function editReviewComment(
  world: World,
  repository: Repository,
  of: { actor: Actor; pull: PullIssue; comment: ReviewComment; body: string },
): Promise<void> {
  const { actor, pull, comment: item, body } = of;
  checkBody('PullRequestReviewComment', body);
  const from = item.body;
  if (from === body) return;
  item.body = body;
  item.updatedAt = world.now();
  emit(world, repository, {
    actor,
    number: pull.number,
    event: 'pull_request_review_comment',
    action: 'edited',
    payload: {
      pull_request: await simplePullView(world, repository, pull),
      comment: reviewCommentView({ world, repository, pull, item }),
      changes: { body: { from } },
    },
  });
}
