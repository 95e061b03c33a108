// A pull request of one of our runs may be spoken to before its run knows it: its webhook was lost, and who made it died
// before the result. What people ask for there is then told by whose branch it is, and waits until the run has taken it over.
import { type Event, toEventId } from '../core/model/event.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import { parseRunBranch, parseSubjectId, type Repository, type SubjectId, toSubjectId } from '../core/model/subject.ts';
import { answerOr } from './answer-or.ts';
import { findNamedRun } from './find-named-run.ts';
import type { ClockPort } from './port/clock.ts';
import type { GitHubReader, PullFacts } from './port/github.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { LoadedSubject, StorePort } from './port/store.ts';

interface Ports {
  readonly github: GitHubReader;
  readonly clock: ClockPort;
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly log: LogPort;
}

/** It may be a stop, which is not kept waiting. */
const patienceMs = 2_000;

/** What is left in the inbox to be decided on here. */
export async function handOverToRun(
  ports: Ports,
  subject: SubjectId,
  { record, inbox }: Pick<LoadedSubject, 'record' | 'inbox'>,
): Promise<readonly InboxEntry[]> {
  const asked = inbox.filter(isAskedOnPull);
  const repository = inbox.findLast((entry) => entry.repository)?.repository ?? record?.repository;
  // A run of its own answers for itself, and a branch that is known to be somebody else's needs no question.
  const isKnown = record?.run !== undefined || (record?.pull && !parseRunBranch(record.pull.branch));
  if (asked.length === 0 || !repository || isKnown) return inbox;
  // While GitHub does not say whose it is, it is decided on what is known.
  const pull = await answerOr(undefined, ports, patienceMs, () =>
    ports.github.readPull(repository, parseSubjectId(subject).number),
  );
  return pull && (await isTakenOver(ports, repository, pull)) ? inbox.filter((entry) => !asked.includes(entry)) : inbox;
}

function isAskedOnPull({ event }: InboxEntry): boolean {
  return (
    (event.kind === 'commented' || event.kind === 'labelled') && event.isPullRequest && event.actor.kind === 'person'
  );
}

/** False where no run of ours takes it: then it is what it looks like, a pull request of somebody's. */
async function isTakenOver({ store, queue, log }: Ports, repository: Repository, pull: PullFacts): Promise<boolean> {
  const named = findNamedRun(pull);
  if (!named) return false;
  const owner = toSubjectId(repository.host, repository.id, named.number);
  const { record, inbox } = await store.load(owner);
  const { run } = record ?? {};
  if (run?.id !== named.runId || (run.pullRequest && run.pullRequest.number !== pull.number)) return false;
  const event = toEvent(pull);
  const id = toEventId(event);
  // It was told before, and the run did not take it: nobody waits for ever.
  if (!(await store.append(owner, id, event)) && !inbox.some(({ eventId }) => eventId === id)) return false;
  log.info(
    { subject: owner, number: pull.number },
    'a run is told of its pull request, where somebody asks for something',
  );
  await queue.wake(owner);
  return true;
}

/** As the webhook would have told it. */
function toEvent(pull: PullFacts): Event {
  const { number, headSha, headBranch, baseBranch, isSameRepository, title } = pull;
  return {
    kind: 'pull_request_changed',
    deliveryId: `found/${number}/${headSha}/${pull.state}`,
    change: pull.state === 'open' ? 'opened' : 'closed',
    ...{ number, headSha, headBranch, baseBranch, isSameRepository, title },
    baseSha: '',
    merged: pull.state === 'merged',
    // GitHub's own name for whoever cannot be named.
    actor: { id: 0, login: 'ghost', kind: 'bot' },
  };
}
