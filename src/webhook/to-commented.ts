import { mayAddressUs } from '../core/command/may-address-us.ts';
import type { CommentPlace } from '../core/model/comment-place.ts';
import { toSubjectId } from '../core/model/subject.ts';
import { ignored, type ParsedWebhook, type WebhookContext } from './parsed-webhook.ts';
import type { RepositoryPayload, UserPayload } from './payload.ts';
import { toActor, toRepository } from './to-model.ts';

/** GitHub takes 65,536 characters, which are up to twice as many UTF-16 units. */
const bodyUnitsAtMost = 131_072;

/** What somebody said on a thread, wherever on it. */
interface Said {
  readonly id: number;
  readonly place?: CommentPlace;
  readonly body: string;
  readonly at: string | undefined;
  readonly user: UserPayload | null;
  readonly association: string;
  readonly thread: { readonly number: number; readonly title: string; readonly isPullRequest: boolean };
  readonly repository: RepositoryPayload;
  readonly installation: { readonly id: number };
}

/** Something new that may hold a command, or nothing. */
export function toCommented(said: Said, { host, deliveryId, slug }: WebhookContext): ParsedWebhook {
  const { id, place, body, at, user, thread } = said;
  if (!user) return ignored('a comment without an author');
  // Whether another bot is heard is for the settings to say.
  if (user.type === 'Bot' && slug !== undefined && user.login === `${slug}[bot]`)
    return ignored('a comment of our own');
  if (!mayAddressUs(body, slug)) return ignored('a comment that does not address us');
  return {
    kind: 'event',
    subject: toSubjectId(host, said.repository.id, thread.number),
    repository: toRepository(host, said.repository, said.installation),
    event: {
      kind: 'commented',
      deliveryId,
      ...(at === undefined ? {} : { writtenAt: Date.parse(at) }),
      commentId: id,
      ...(place === undefined ? {} : { place }),
      body: body.slice(0, bodyUnitsAtMost),
      actor: toActor(user),
      association: said.association,
      thread: thread.number,
      isPullRequest: thread.isPullRequest,
      title: thread.title,
    },
    isOnlyForKnown: false,
  };
}
