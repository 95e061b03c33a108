// What is said in reviews of a pull request: beside its lines, in answers to that, and in what a review says as a whole. GitHub
// tells of each by itself, and does not say which App wrote it.
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { ReviewCommentPayload, ReviewPayload } from './payload.ts';
import { toCommented } from './to-commented.ts';

/** Only new ones command, never edits. */
export function parseReviewComment(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = ReviewCommentPayload.safeParse(payload);
  if (!parsed.success) return ignored('a comment beside a line without the fields that matter');
  const { action, comment, pull_request: pull, repository, installation } = parsed.data;
  if (action !== 'created') return ignored(`no use for pull_request_review_comment.${action}`);
  const { id, body, created_at: at, user, author_association: association } = comment;
  const thread = { number: pull.number, title: pull.title, isPullRequest: true };
  return toCommented({ id, place: 'line', body, at, user, association, thread, repository, installation }, context);
}

export function parseReview(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = ReviewPayload.safeParse(payload);
  if (!parsed.success) return ignored('a review without the fields that matter');
  const { action, review, pull_request: pull, repository, installation } = parsed.data;
  if (action !== 'submitted') return ignored(`no use for pull_request_review.${action}`);
  const { id, submitted_at: at, user, author_association: association } = review;
  const thread = { number: pull.number, title: pull.title, isPullRequest: true };
  const body = review.body ?? '';
  return toCommented({ id, place: 'review', body, at, user, association, thread, repository, installation }, context);
}
