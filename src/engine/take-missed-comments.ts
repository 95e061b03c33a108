// What GitHub could not deliver for days it does not deliver any more. When processes start, comments on threads with a
// live run are listed and taken like deliveries: a comment is one event however it is told, so that what was decided on
// before changes nothing.
import { toPhase } from '../core/model/run.ts';
import { parseSubjectId, type SubjectId } from '../core/model/subject.ts';
import { ExternalError } from './external-error.ts';
import type { DeliveryLogPort } from './port/delivery-log.ts';
import type { StorePort } from './port/store.ts';
import { UnreadableRecord } from './port/unreadable-record.ts';
import { type ListedCommentPorts, mayCommand, takeListedComment } from './take-listed-comment.ts';

export interface MissedCommentPorts extends ListedCommentPorts {
  readonly deliveries: Pick<DeliveryLogPort, 'listComments' | 'listLineComments'>;
  readonly store: Pick<StorePort, 'listSubjects' | 'load' | 'intake' | 'claim'>;
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
  const slug = await ports.github.readSlug();
  for (const thread of new Set([record.number, run.pullRequest?.number ?? record.number])) {
    const { repository, title } = record;
    const isPullRequest = thread !== parseSubjectId(subject).number || record.isPullRequest;
    const comments = [
      ...(await ports.deliveries.listComments(repository, thread, run.startedAt)),
      ...(isPullRequest ? await ports.deliveries.listLineComments(repository, thread, run.startedAt) : []),
    ];
    const place = { subject, repository, thread, isPullRequest, title, isOnlyForKnown: true };
    // None from before the run that lives now.
    for (const comment of comments.filter((one) => mayCommand(one, slug) && one.createdAt >= run.startedAt))
      await takeListedComment(ports, place, comment);
  }
}
