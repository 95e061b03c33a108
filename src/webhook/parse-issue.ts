import { toSubjectId } from '../core/model/subject.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import { IssuesPayload } from './payload.ts';
import { toLabelled } from './to-labelled.ts';
import { toActor, toRepository } from './to-model.ts';

/** Labels of ours, and issues that are edited or closed; everything else about an issue is read when it is needed. */
export function parseIssue(payload: unknown, context: WebhookContext): ParsedWebhook {
  const parsed = IssuesPayload.safeParse(payload);
  if (!parsed.success) return ignored('an issue event without the fields that matter');
  const { action, issue, label, sender, repository, installation } = parsed.data;
  const place = {
    kind: 'event',
    subject: toSubjectId(context.host, repository.id, issue.number),
    repository: toRepository(context.host, repository, installation),
  } as const;
  const { deliveryId } = context;
  const actor = toActor(sender);
  if (action === 'closed')
    return { ...place, event: { kind: 'issue_closed', deliveryId, actor }, isOnlyForKnown: true };
  if (action === 'edited')
    return { ...place, event: { kind: 'issue_edited', deliveryId, title: issue.title, actor }, isOnlyForKnown: true };
  const thread = { thread: issue.number, isPullRequest: false, title: issue.title };
  const labelled = toLabelled({ action, label, sender, deliveryId }, thread);
  return labelled ? { ...place, ...labelled } : ignored(`no use for issues.${action}`);
}
