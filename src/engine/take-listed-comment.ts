// A comment that was found in a list of GitHub's is taken as its webhook would have been: it is one event however it is told.
import { mayAddressUs } from '../core/command/may-address-us.ts';
import { type Event, toEventId } from '../core/model/event.ts';
import type { Repository, SubjectId } from '../core/model/subject.ts';
import type { ListedComment } from './port/delivery-log.ts';
import type { GitHubReader } from './port/github.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { StorePort } from './port/store.ts';

export interface ListedCommentPorts {
  readonly github: Pick<GitHubReader, 'readSlug'>;
  readonly store: Pick<StorePort, 'intake'>;
  readonly queue: Pick<QueuePort, 'wake'>;
  readonly log: LogPort;
  readonly hash: (text: string) => string;
}

interface Place {
  readonly subject: SubjectId;
  readonly repository: Repository;
  readonly thread: number;
  readonly isPullRequest: boolean;
  readonly title: string;
  readonly isOnlyForKnown: boolean;
}

/** What commands by webhook: new comments of people that are addressed to us, never edits. */
export function mayCommand({ isOurs, actor, isEdited, body }: ListedComment, slug: string): boolean {
  return !isOurs && actor.kind === 'person' && !isEdited && mayAddressUs(body, slug);
}

export async function takeListedComment(
  ports: ListedCommentPorts,
  place: Place,
  comment: ListedComment,
): Promise<void> {
  const { subject, repository, thread, isPullRequest, title, isOnlyForKnown } = place;
  const { commentId, place: beside, body, actor, association, createdAt } = comment;
  const name = { commentId, ...(beside === undefined ? {} : { place: beside }) };
  const writtenAt = createdAt;
  const event: Event = {
    kind: 'commented',
    ...name,
    body,
    actor,
    association,
    thread,
    isPullRequest,
    title,
    writtenAt,
  };
  const kept = await ports.store.intake({
    deliveryId: `listed-${beside === undefined ? '' : `${beside}-`}${commentId}`,
    hookId: 'listed',
    bodyHash: ports.hash(body),
    subject,
    repository,
    events: [{ id: toEventId(event), event }],
    isOnlyForKnown,
  });
  if (kept.kind !== 'kept') return;
  ports.log.warn({ subject: kept.subject, ...name }, 'a comment was never delivered; it is taken from the list');
  await ports.queue.wake(kept.subject);
}
