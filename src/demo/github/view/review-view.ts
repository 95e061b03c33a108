import type { PullIssue } from '../state/find.ts';
import type { Review, ReviewComment } from '../state/pull.ts';
import type { Repository } from '../state/repository.ts';
import { associationOf } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { userView } from './account-view.ts';
import { iso, nodeId } from './format.ts';
import { issueHtmlUrl, reactionRollup } from './issue-view.ts';
import { repositoryApiUrl } from './repository-view.ts';
import type { Schemas } from './schema.ts';

interface Of<Item> {
  readonly world: World;
  readonly repository: Repository;
  readonly pull: PullIssue;
  readonly item: Item;
}

export function reviewView({ world, repository, pull, item: review }: Of<Review>): Schemas['pull-request-review'] {
  const html = `${issueHtmlUrl(world, repository, pull)}#pullrequestreview-${review.id}`;
  const pullUrl = `${repositoryApiUrl(world, repository)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: userView(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, review.author),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    ...(review.submittedAt === null ? {} : { submitted_at: iso(review.submittedAt) }),
    commit_id: review.commitSha,
  };
}

export function reviewCommentView(
  of: Of<ReviewComment>,
): Schemas['review-comment'] & Schemas['pull-request-review-comment'] {
  const { world, repository, pull, item: comment } = of;
  const api = `${repositoryApiUrl(world, repository)}/pulls`;
  const url = `${api}/comments/${comment.id}`;
  const html = `${issueHtmlUrl(world, repository, pull)}#discussion_r${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeId('PullRequestReviewComment', comment.id),
    pull_request_review_id: comment.reviewId,
    url,
    html_url: html,
    pull_request_url: `${api}/${pull.number}`,
    path: comment.path,
    diff_hunk: comment.diffHunk,
    position: 1,
    original_position: 1,
    commit_id: comment.commitSha,
    original_commit_id: comment.commitSha,
    line: comment.line,
    original_line: comment.line,
    start_line: comment.startLine,
    original_start_line: comment.startLine,
    side: comment.side,
    start_side: comment.startLine === null ? null : comment.side,
    subject_type: 'line',
    ...(comment.inReplyTo === undefined ? {} : { in_reply_to_id: comment.inReplyTo }),
    user: userView(world, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: associationOf(repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: `${api}/${pull.number}` } },
    reactions: reactionRollup(comment.reactions, `${url}/reactions`),
  };
}
