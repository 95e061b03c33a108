// What GitHub could not deliver for days it does not deliver any more. When processes start, comments on threads with a
// live run are listed and taken like deliveries: a comment is one event however it is told, so that what was decided on
// before changes nothing.
import { mayAddressUs } from '../core/command/may-address-us.ts';
import { type Event, toEventId } from '../core/model/event.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { toPhase } from '../core/model/run.ts';
import { parseSubjectId, type SubjectId } from '../core/model/subject.ts';
import { ExternalError } from './external-error.ts';
import type { DeliveryLogPort, ListedComment } from './port/delivery-log.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { StorePort } from './port/store.ts';
import { UnreadableRecord } from './port/unreadable-record.ts';

export interface MissedCommentPorts {
  readonly deliveries: Pick<DeliveryLogPort, 'listComments'>;
  readonly store: Pick<StorePort, 'listSubjects' | 'load' | 'intake' | 'claim'>;
  readonly queue: Pick<QueuePort, 'wake'>;
  readonly log: LogPort;
  readonly hash: (text: string) => string;
}

/** Newest first: whatever lives was saved not long ago. */
const subjectsAtMost = 200;
/** Processes that start within this time of each other share the lists: GitHub counts every one. */
const sharedMs = 60_000;

export async function takeMissedComments(ports: MissedCommentPorts, stopped: AbortSignal): Promise<void> {
  for (const subject of await ports.store.listSubjects(subjectsAtMost)) {
    if (stopped.aborted) return;
    try {
      await takeOf(ports, subject);
    } catch (error) {
      const isOfOne = error instanceof UnreadableRecord;
      if (!(error instanceof ExternalError || isOfOne)) throw error;
      ports.log.warn({ subject, error: error.message }, 'comments that may have been missed could not be listed');
      // A limit holds for everybody who asks.
      if (!isOfOne && typeof error.retry === 'object') return;
    }
  }
}

async function takeOf(ports: MissedCommentPorts, subject: SubjectId): Promise<void> {
  const { record } = await ports.store.load(subject);
  const run = record?.run;
  if (!record || !run || toPhase(run.state) === 'final') return;
  if (!(await ports.store.claim(`missed-comments/${subject}`, sharedMs))) return;
  for (const thread of new Set([record.number, run.pullRequest?.number ?? record.number])) {
    const comments = await ports.deliveries.listComments(record.repository, thread, run.startedAt);
    for (const comment of comments) {
      if (isCommand(comment, run.startedAt)) await take(ports, { subject, record, thread, comment });
    }
  }
}

/** What commands by webhook: new comments of people, never edits, and none from before the run that lives now. */
function isCommand({ isOurs, actor, isEdited, createdAt, body }: ListedComment, from: number): boolean {
  return !isOurs && actor.kind === 'person' && !isEdited && createdAt >= from && mayAddressUs(body);
}

interface Missed {
  readonly subject: SubjectId;
  readonly record: SubjectRecord;
  readonly thread: number;
  readonly comment: ListedComment;
}

async function take(ports: MissedCommentPorts, { subject, record, thread, comment }: Missed): Promise<void> {
  const { commentId, body, actor, association } = comment;
  const event: Event = {
    kind: 'commented',
    commentId,
    body,
    actor,
    association,
    thread,
    isPullRequest: thread !== parseSubjectId(subject).number || record.isPullRequest,
    title: record.title,
  };
  const kept = await ports.store.intake({
    deliveryId: `listed-${commentId}`,
    hookId: 'listed',
    bodyHash: ports.hash(body),
    subject,
    repository: record.repository,
    events: [{ id: toEventId(event), event }],
    isOnlyForKnown: true,
  });
  if (kept.kind !== 'kept') return;
  ports.log.warn({ subject: kept.subject, commentId }, 'a comment was never delivered; it is taken from the list');
  await ports.queue.wake(kept.subject);
}
