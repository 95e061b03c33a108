import type { z } from 'zod';
import type { Event } from '../core/model/event.ts';
import { toGroupId, toSubjectId } from '../core/model/subject.ts';
import type { ParsedWebhook, WebhookContext } from './parsed-webhook.ts';
import type { CheckSuitePayload } from './payload.ts';
import { toActor, toRepository } from './to-model.ts';

type Asked = Pick<z.infer<typeof CheckSuitePayload>, 'sender' | 'repository' | 'installation'>;
type Requested = Extract<Event, { kind: 'check_requested' }>;

/**
 * Somebody asks for a check of ours again, or for what a button of it stands for. `of`: whose it is, that of a commit of the merge
 * queue or of the thread with this number.
 */
export function toCheckRequest(
  { sender, repository, installation }: Asked,
  { host, deliveryId }: WebhookContext,
  { of, ...asked }: Pick<Requested, 'request' | 'checkName' | 'headSha'> & { readonly of: 'group' | number },
): ParsedWebhook {
  return {
    kind: 'event',
    subject: of === 'group' ? toGroupId(host, repository.id, asked.headSha) : toSubjectId(host, repository.id, of),
    repository: toRepository(host, repository, installation),
    event: { kind: 'check_requested', deliveryId, ...asked, actor: toActor(sender) },
    isOnlyForKnown: true,
  };
}
