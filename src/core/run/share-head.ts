// A check belongs to a commit, and a commit may be the head of several pull requests: of one of a run, and of others that
// people opened from it. Those are subjects of their own, so that they tell the subject whose check stands there.
import type { Event } from '../model/event.ts';
import { listRuns } from '../model/record.ts';
import type { PresentOutcome } from '../model/result.ts';
import type { PullRequest } from '../model/run.ts';
import type { Sharer } from '../model/sharer.ts';
import { toSubjectId } from '../model/subject.ts';
import { type Draft, note, tell } from './draft.ts';

type Shared = Pick<Extract<Event, { kind: 'head_shared' }>, 'number' | 'head' | 'base'>;

/** How many pull requests are remembered of one head: the first of them closes the gate. */
const sharersKept = 20;

/**
 * Somebody's pull request has, or had, a head of ours. Whether it is still open there is read whenever the gate would open;
 * lists lag behind, so that it is not forgotten before it was read itself.
 */
export function takeHeadShared(draft: Draft, { number, head, base }: Shared): void {
  const { pull } = draft.record;
  const owner = listPulls(draft).find((one) => one.head === head);
  // One that no run made had a verdict for no head but its own, and left none behind.
  if (!owner && pull) return;
  draft.urgency = 'now';
  note(draft, 'head_shared', `#${number} into ${base} has the head ${head.slice(0, 10)}`);
  if (owner) {
    const others = (owner.sharers ?? []).filter((one) => one.number !== number);
    owner.sharers = [...others, { number, base }].slice(-sharersKept);
    return;
  }
  const others = (draft.record.strays ?? []).filter((one) => one.number !== number || one.head !== head);
  draft.record.strays = [...others, { number, head, base }].slice(-sharersKept);
}

/** What the publisher read of the heads that it showed. What was told meanwhile is kept until it is read as well. */
export function keepHeads(draft: Draft, heads: NonNullable<PresentOutcome['heads']>): void {
  for (const { number, head, sharers, asked } of heads) {
    const pull = listPulls(draft).find((one) => one.number === number);
    if (pull?.head !== head) continue;
    const told = (pull.sharers ?? []).filter((one) => !asked.includes(one.number) && !isListed(sharers, one));
    const now = [...sharers, ...told].slice(-sharersKept);
    if (now.length > 0) pull.sharers = now;
    else delete pull.sharers;
    if (pull === draft.record.pull) tellSharers(draft, pull);
  }
}

/** Of one that no run made: each of the others is told once that it has that head, so that it tells where it goes. */
function tellSharers(draft: Draft, pull: PullRequest): void {
  const told = pull.sharedWith ?? [];
  const news = (pull.sharers ?? []).map(({ number }) => number).filter((number) => !told.includes(number));
  if (news.length === 0) return;
  pull.sharedWith = [...told, ...news];
  for (const number of news) tellOwner(draft, number, pull, `shown-${draft.record.presentation.dispatched}`);
}

/** The publisher of a pull request that no run made found the checks of these subjects on its head. */
export function tellHeadOwners(draft: Draft, { head, owners }: NonNullable<PresentOutcome['sharedWith']>): void {
  const { pull, presentation } = draft.record;
  if (pull?.state !== 'open' || pull.head !== head) return;
  pull.sharedWith = [...new Set([...(pull.sharedWith ?? []), ...owners])];
  for (const owner of owners) tellOwner(draft, owner, pull, `shown-${presentation.dispatched}`);
}

/** Whoever was told that it has their head is told that it went away, or goes into another branch. */
export function tellWhereItWent(draft: Draft, before: PullRequest, now: PullRequest, deliveryId: string): void {
  if (before.head === now.head && before.state === now.state && before.baseBranch === now.baseBranch) return;
  const sharers = (before.sharers ?? []).map(({ number }) => number);
  for (const owner of new Set([...(before.sharedWith ?? []), ...sharers]))
    tellOwner(draft, owner, { ...before, baseBranch: now.baseBranch }, deliveryId);
}

function tellOwner(draft: Draft, owner: number, { number, head, baseBranch }: PullRequest, turn: string): void {
  const { repository } = draft.record;
  const to = toSubjectId(repository.host, repository.id, owner);
  tell(draft, to, { kind: 'head_shared', number, head, base: baseBranch, turn });
}

function isListed(sharers: readonly Sharer[], { number }: Sharer): boolean {
  return sharers.some((one) => one.number === number);
}

/** Those of runs, also of such as are gone, and the one that no run made. */
function listPulls({ record }: Draft): PullRequest[] {
  const { outlived = [], pull } = record;
  const ofRuns = listRuns(record).flatMap(({ pullRequest }) => pullRequest ?? []);
  return [...ofRuns, ...outlived, ...(pull ? [pull] : [])];
}
