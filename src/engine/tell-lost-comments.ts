// Commands that GitHub does not deliver any more, because nobody could be reached for longer than it remembers. Whoever wrote
// one waits for a sign, so all comments of the time that was missed are listed, and those that bear no sign of ours are
// taken: the decision tells their authors, and starts nothing by them.

import type { Repository } from '../core/model/subject.ts';
import { toRepositoryKey, toSubjectId } from '../core/model/subject.ts';
import { redeliveryWindowMs } from '../core/run/refuse-late.ts';
import { ExternalError } from './external-error.ts';
import type { DeliveryLedger, DeliveryLogPort, RepositoryComment } from './port/delivery-log.ts';
import type { GitHubReader } from './port/github.ts';
import type { SchedulePort } from './port/schedule.ts';
import type { StorePort } from './port/store.ts';
import type { DeliveryRound } from './sweep-deliveries.ts';
import { type ListedCommentPorts, mayCommand, takeListedComment } from './take-listed-comment.ts';

export interface LostCommentPorts extends ListedCommentPorts {
  readonly deliveries: Pick<DeliveryLogPort, 'listRepositoryComments'>;
  readonly ledger: DeliveryLedger;
  readonly repositories: Pick<SchedulePort, 'listInstallations' | 'listRepositories'>;
  readonly github: Pick<GitHubReader, 'listReactions' | 'readSlug'>;
  readonly store: Pick<StorePort, 'intake' | 'claim'>;
}

/** A delivery is made a moment after what it tells of. */
const slackMs = 10 * 60_000;
/** Nobody waits for longer than this, and whoever was away for longer asks for no more. */
const missedAtMostMs = 30 * 24 * 3_600_000;
/** How long one process has for it before another tries. */
const claimMs = 10 * 60_000;

/** After a round of the log: what is lost is told, and then it is kept up to where everything is heard. */
export async function tellLostComments(
  ports: LostCommentPorts,
  { readAt, heardUntil }: DeliveryRound,
  stopped: AbortSignal,
): Promise<void> {
  const before = await ports.ledger.readHeardUntil();
  if (before !== undefined && before < readAt - redeliveryWindowMs) {
    if (!(await ports.store.claim(`lost-comments/${before}`, claimMs))) return;
    const from = Math.max(before - slackMs, readAt - missedAtMostMs);
    await listAll(ports, { from, to: readAt - redeliveryWindowMs }, stopped);
    if (stopped.aborted) return;
  }
  await ports.ledger.keepHeardUntil(heardUntil);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

async function listAll(ports: LostCommentPorts, span: Span, stopped: AbortSignal): Promise<void> {
  for (const installation of await ports.repositories.listInstallations()) {
    for (const { repository, isFork } of await ports.repositories.listRepositories(installation)) {
      if (stopped.aborted) return;
      if (isFork) continue;
      try {
        await listOf(ports, repository, span);
      } catch (error) {
        if (!(error instanceof ExternalError)) throw error;
        // A limit holds for everybody who asks: it is tried again later, and nothing is forgotten.
        if (error.retry !== 'never') throw error;
        ports.log.warn(
          { repository: toRepositoryKey(repository), error: error.message },
          'comments that were lost could not be listed',
        );
      }
    }
  }
}

async function listOf(ports: LostCommentPorts, repository: Repository, { from, to }: Span): Promise<void> {
  const comments = await ports.deliveries.listRepositoryComments(repository, from);
  const slug = await ports.github.readSlug();
  const lost = comments.filter((one) => mayCommand(one, slug) && one.createdAt >= from && one.createdAt < to);
  for (const comment of keepNewest(lost)) {
    // It was heard: every command that is bears a reaction of ours.
    if ((await ports.github.listReactions(repository, comment)).length > 0) continue;
    const { thread, isPullRequest } = comment;
    const subject = toSubjectId(repository.host, repository.id, thread);
    const place = { subject, repository, thread, isPullRequest, title: '', isOnlyForKnown: false };
    await takeListedComment(ports, place, comment);
  }
}

/** Who wrote several on one thread is told once, wherever on it. */
function keepNewest(comments: readonly RepositoryComment[]): RepositoryComment[] {
  const inOrder = comments.toSorted((one, other) => one.createdAt - other.createdAt);
  return [...new Map(inOrder.map((one) => [`${one.thread}/${one.actor.id}`, one])).values()];
}
