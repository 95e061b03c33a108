import { mayAddressUs } from '../core/command/may-address-us.ts';
import { toSubjectId } from '../core/model/subject.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { IssueCommentPayload } from './payload.ts';
import { toActor, toRepository } from './to-model.ts';

/** GitHub takes 65,536 characters, which are up to twice as many UTF-16 units. */
const bodyUnitsAtMost = 131_072;

/** Only new comments command, never edits. */
export function parseIssueComment(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = IssueCommentPayload.safeParse(payload);
  if (!parsed.success) return ignored('a comment event without the fields that matter');
  const { action, issue, comment, repository, installation } = parsed.data;
  if (action !== 'created') return ignored(`no use for issue_comment.${action}`);
  if (!comment.user) return ignored('a comment without an author');
  if (comment.performed_via_github_app?.id === context.appId) return ignored('a comment of our own');
  const actor = toActor(comment.user);
  // Whether another bot is heard is for the settings to say.
  if (!mayAddressUs(comment.body, context.slug)) return ignored('a comment that does not address us');
  return {
    kind: 'event',
    subject: toSubjectId(context.host, repository.id, issue.number),
    repository: toRepository(context.host, repository, installation),
    event: {
      kind: 'commented',
      deliveryId: context.deliveryId,
      ...(comment.created_at === undefined ? {} : { writtenAt: Date.parse(comment.created_at) }),
      commentId: comment.id,
      body: comment.body.slice(0, bodyUnitsAtMost),
      actor,
      association: comment.author_association,
      thread: issue.number,
      isPullRequest: issue.pull_request !== undefined,
      title: issue.title,
    },
    isOnlyForKnown: false,
  };
}
