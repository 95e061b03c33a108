// Of what GitHub's merge queue makes and lands, told by what the hub did and in words of their own: nothing of a run lands
// that was not verified as that very tree, or whose pull request was shut by itself, and nobody waits for a check in vain.
import { parseRunBranch, renderRunBranch } from '../../../src/core/model/subject.ts';
import type { CheckFacts } from '../../../src/engine/port/github.ts';
import type { Deed } from '../hub.ts';
import type { QueueEnd, QueueEntry } from '../merge-queue.ts';
import type { Book } from './book.ts';
import { isTreeLetPass } from './exceptions.ts';
import { findGate, isPassing } from './merge-rules.ts';
import { checkReviewed } from './merges.ts';

/**
 * A webhook, a wake, a decision and a write, for which our budget may have to fill up first: where nothing is disturbed, a
 * commit of the queue has its check within this. What more important writes have emptied has room for one that only tells
 * of progress after 80 seconds, and later where more of them come.
 */
const checkWithinMs = 3 * 60_000;
/** What is in the queue is read every twenty seconds, and shown after that; GitHub takes a moment more. */
const rereadMs = 30_000;

const met: Partial<Record<QueueEnd, string>> = {
  landed: 'merged by the queue',
  failed: 'taken out of the queue',
  timed_out: 'the queue waited in vain',
  changed: 'left the queue',
  made_anew: 'made anew in the queue',
};

/** After every step, before anything else is looked at: whoever is in the queue has a check of its own, and when gates were open. */
export function lookAtQueue(book: Book): void {
  const { hub } = book;
  for (const [branch, head] of hub.branches) {
    const known = book.tips.get(branch);
    if (known?.head !== head) book.tips.set(branch, { head, at: book.now() });
  }
  for (const pull of hub.pulls.values()) {
    const head = hub.headOf(pull);
    if (pull.state === 'open' && isPassing(hub, head)) book.passedAt.set(head, book.now());
  }
  for (; book.endsSeen < hub.queue.ends.length; book.endsSeen += 1) {
    const { why, entry } = hub.queue.ends[book.endsSeen] ?? {};
    if (why !== undefined) book.met.add(met[why] ?? `${why} in the queue`);
    book.demand(why !== 'timed_out' || !book.isCalm, `the queue waited for ${entry?.head.slice(0, 8)} in vain`);
  }
  for (const { head } of hub.queue.list()) {
    const newest = findGate(hub, head);
    const isOwn = newest === undefined || newest.externalId.startsWith('group:');
    book.demand(isOwn, `the queue goes by a check on ${head.slice(0, 8)} that says something else: ${newest?.title}`);
  }
  if (!book.isCalm) return;
  for (const { head, number, at } of hub.queue.list()) {
    const isShown = book.now() - at <= checkWithinMs || hub.checks.some(({ headSha }) => headSha === head);
    book.demand(isShown, `${head.slice(0, 8)} is in the queue with #${number}, and nobody made its check`);
  }
}

/** What may be merged by people was, in the moment in which they see it, run and green; what failed stays so for strangers. */
export function checkGroupShown(book: Book, check: Pick<CheckFacts, 'externalId' | 'headSha' | 'state'>): void {
  if (!check.externalId.startsWith('group:')) return;
  const { headSha: head, state } = check;
  const entry = book.hub.queue.made.find((one) => one.head === head);
  book.demand(entry !== undefined, `a check of the queue was made on ${head.slice(0, 8)}, which it never had`);
  if (!entry || state.kind !== 'completed' || state.conclusion !== 'success') return;
  book.demand(isVerified(book, entry), `${head.slice(0, 8)} of the queue is told as verified and never passed`);
  const known = book.hub.checks.findLast(({ headSha }) => headSha === head)?.state;
  const hasFailed = known?.kind === 'completed' && known.conclusion === 'failure';
  const isAsked = book.hub.queue.rechecks.some((recheck) => recheck.head === head && recheck.by === 'maria');
  book.demand(
    !hasFailed || isAsked,
    `${head.slice(0, 8)} of the queue failed, passed, and nobody who may asked for it`,
  );
}

/** Nothing of it has to be verified where no run made anything of what it would put on the branch: some may be there by now. */
function isVerified(book: Book, { head, holds }: QueueEntry): boolean {
  const { hub, runHeads } = book;
  const isOfRun = holds.some((part) => runHeads.has(part.head) && hub.pull(part.number).state !== 'merged');
  return !isOfRun || isPassed(book, hub.objects.get(head).treeId);
}

function isPassed(book: Book, treeId: string): boolean {
  return book.fates.greenTrees.has(treeId) || isTreeLetPass(book, treeId);
}

/** What the queue put on a branch. */
export function checkLanded(book: Book, deed: Extract<Deed, { kind: 'merged' }>): void {
  const { number, head, treeId } = deed;
  const pull = book.hub.pull(number);
  if (!book.runHeads.has(head)) return;
  book.demand(isPassed(book, treeId), `the queue landed #${number} as a tree that never passed`);
  if (!pull.isOurs || !parseRunBranch(pull.branch)) return;
  const isOfRun = book.verified.get(pull.branch)?.has(head) === true;
  book.demand(isOfRun, `the queue landed #${number} at a head that its run never verified`);
  if (!book.isCalm) return;
  const record = book.listRecords().find((one) => one.run && renderRunBranch(one.number, one.run.id) === pull.branch);
  if (record?.run) checkReviewed(book, record.number, record.run, `#${number} was landed by the queue`);
  // A base that moves shuts it, and is what a queue is for; anything else that shut it is heard of.
  const passedAt = book.passedAt.get(head) ?? pull.at;
  const isMoved = (book.tips.get(pull.base)?.at ?? 0) >= passedAt - rereadMs;
  const isShut = book.now() - passedAt > rereadMs && !isMoved;
  book.demand(!isShut, `the queue landed #${number}, whose own gate was shut`);
}

/** Trees that a commit of the queue with this pull request had: whoever lands one of them lands what may have been verified there. */
export function listQueuedTrees({ hub }: Book, number: number): string[] {
  return hub.queue.made.flatMap(({ head, holds }) =>
    holds.some((part) => part.number === number) ? [hub.objects.get(head).treeId] : [],
  );
}
