import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { IssueCommentPayload } from './payload.ts';
import { toCommented } from './to-commented.ts';

/** Only new comments command, never edits. */
export function parseIssueComment(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = IssueCommentPayload.safeParse(payload);
  if (!parsed.success) return ignored('a comment event without the fields that matter');
  const { action, issue, comment, repository, installation } = parsed.data;
  if (action !== 'created') return ignored(`no use for issue_comment.${action}`);
  if (comment.performed_via_github_app?.id === context.appId) return ignored('a comment of our own');
  const { id, body, created_at: at, user, author_association: association } = comment;
  const thread = { number: issue.number, title: issue.title, isPullRequest: issue.pull_request !== undefined };
  return toCommented({ id, body, at, user, association, thread, repository, installation }, context);
}
