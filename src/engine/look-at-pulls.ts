// Lists the open pull requests that no run made, and tells them to their subjects as webhooks would: all of them where that was asked
// for or where the settings say something else of them than before, some at a time.
import { type Event, toEventId } from '../core/model/event.ts';
import { queuePrefix } from '../core/model/group.ts';
import type { PullsOutcome } from '../core/model/result.ts';
import { toRepositoryKey, toSubjectId } from '../core/model/subject.ts';
import type { Held } from './carry-out.ts';
import { endChore } from './end-chore.ts';
import { findNamedRun } from './find-named-run.ts';
import type { ListedPull } from './port/github.ts';
import type { QueuePort } from './port/queue.ts';
import { readOtherPullsNow } from './read-other-pulls.ts';
import type { WorkPorts } from './work-ports.ts';

export type LookPorts = Pick<WorkPorts, 'github' | 'store' | 'hash' | 'log'> & {
  readonly queue: Pick<QueuePort, 'wake'>;
};

/** Each of them is shown next, which takes a dozen requests. */
const toldAtOnce = 25;
const pageSize = 100;

export async function lookAtPulls(ports: LookPorts, held: Held<'look_at_pulls'>): Promise<PullsOutcome> {
  return await endChore(ports, held, () => look(ports, held));
}

async function look(ports: LookPorts, held: Held<'look_at_pulls'>): Promise<PullsOutcome> {
  const { github, hash } = ports;
  const { repository } = held.record;
  const { rule: before, isWhole, rest } = held.action;
  const open = await github.listOpenPulls(repository);
  const pages = Math.max(1, Math.ceil(open.length / pageSize));
  // What is opened next has the highest number, and is told by itself.
  const others = open.filter(isOfNoRun).toSorted((one, other) => other.number - one.number);
  if (others.length === 0) {
    const { defaultBranch: branch } = await github.readRepository(repository);
    return { kind: 'seen', branch, pages, told: 0 };
  }
  const { defaultBranch: branch, commit, rule: now } = await readOtherPullsNow(github, repository);
  const rule = hash(JSON.stringify(now));
  const seen = { kind: 'seen', branch, pages, rule, ...(commit === undefined ? {} : { commit }) } as const;
  const hasMoved = rule !== before;
  const isMoved = hasMoved || (rest?.isMoved ?? false);
  if (!hasMoved && !isWhole && !rest) return { ...seen, told: 0 };
  // Under those that were told already it has moved as well.
  const left = hasMoved || !rest ? others : others.filter(({ number }) => number < rest.before);
  const told = left.slice(0, toldAtOnce);
  for (const pull of told) await tell(ports, held, { pull, isMoved });
  const last = told.length < left.length ? told.at(-1) : undefined;
  return { ...seen, told: told.length, ...(last ? { rest: { before: last.number, isMoved } } : {}) };
}

/** The commit of a queue has a check of its own. */
function isOfNoRun(pull: ListedPull): boolean {
  return !findNamedRun(pull) && !(pull.isSameRepository && pull.headBranch.startsWith(queuePrefix));
}

/** One that is told already is told once: who does it may do it twice. */
async function tell(
  { store, queue, hash, log }: LookPorts,
  { action, record: { repository } }: Held<'look_at_pulls'>,
  { pull, isMoved }: { readonly pull: ListedPull; readonly isMoved: boolean },
): Promise<void> {
  const { number, headSha, headBranch, baseBranch, isSameRepository, isDraft, title } = pull;
  const deliveryId = `listed/${toRepositoryKey(repository)}/${action.id}/${action.at}/${number}`;
  const shown = { number, headSha, headBranch, baseBranch, isSameRepository, isDraft, title };
  const event: Event = { kind: 'pull_listed', deliveryId, ...shown, isMoved };
  const kept = await store.intake({
    deliveryId,
    hookId: 'listed',
    bodyHash: hash(deliveryId),
    subject: toSubjectId(repository.host, repository.id, number),
    repository,
    events: [{ id: toEventId(event), event }],
    isOnlyForKnown: false,
  });
  await queue.wake(kept.subject).catch((error: unknown) => {
    log.warn({ subject: kept.subject, error: String(error) }, 'a wake was not queued; the sweeper will find it');
  });
}
