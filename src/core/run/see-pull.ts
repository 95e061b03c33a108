// The pull request that a subject is and that no run made, as GitHub shows it: what nobody told of, or told too late, is known from
// whatever asks about it.
import type { Event } from '../model/event.ts';
import type { PullRequest } from '../model/run.ts';
import { parseRunBranch } from '../model/subject.ts';
import type { Draft } from './draft.ts';
import { dropPushedOver } from './request-vouch.ts';
import { tellWhereItWent } from './share-head.ts';

export interface SeenPull extends Pick<PullRequest, 'number' | 'branch' | 'baseBranch' | 'head' | 'state'> {
  readonly isSameRepository: boolean;
  readonly isDraft: boolean;
}

/** What is known of the head besides goes with it. */
export function toPull(seen: SeenPull, before: PullRequest | undefined): PullRequest {
  const { isSameRepository, isDraft, ...rest } = seen;
  const { sharers, sharedWith } = before?.head === seen.head ? before : {};
  return {
    ...rest,
    ...(isSameRepository ? {} : { isFork: true }),
    ...(isDraft ? { isDraft } : {}),
    ...(before?.ready ? { ready: before.ready } : {}),
    ...(sharers ? { sharers } : {}),
    ...(sharedWith ? { sharedWith } : {}),
  };
}

/** `turn`: each thing that is told of it to others is another message. */
export function keepPull(draft: Draft, now: PullRequest, turn: string): void {
  const { pull: before } = draft.record;
  draft.record.pull = now;
  if (before) tellWhereItWent(draft, before, now, turn);
  dropPushedOver(draft, now.head);
}

/** Where GitHub was asked about the thread. */
export function takeThreadPull(draft: Draft): void {
  const { record, snapshot, now } = draft;
  const { pull: seen } = snapshot.facts;
  if (!seen || !record.isPullRequest || seen.number !== record.number) return;
  const { headBranch: branch, branch: baseBranch, isOurs, number, head, state, isSameRepository, isDraft } = seen;
  if (isOurs && isSameRepository && parseRunBranch(branch)) return;
  takeSeen(draft, { number, branch, baseBranch, head, state, isSameRepository, isDraft }, `seen-${now}`);
}

/** Somebody lists what is open, for those that nobody told of. Where GitHub could be asked since, its answer counts. */
export function takeListed(draft: Draft, event: Extract<Event, { kind: 'pull_listed' }>): void {
  const { number, headBranch: branch, isSameRepository, title, isMoved, deliveryId } = event;
  // The thread is a run's by now, which looks after its pull request itself.
  if (draft.record.number !== number) return;
  const now = draft.snapshot.facts.pulls[number];
  const { headSha: head, baseBranch, isDraft = false } = now ?? event;
  draft.record.title = title;
  const seen = { number, branch, baseBranch, head, state: now?.state ?? 'open', isSameRepository, isDraft } as const;
  takeSeen(draft, seen, deliveryId);
  if (isMoved) draft.urgency = 'now';
}

/** What is as it was known is shown already. */
function takeSeen(draft: Draft, seen: SeenPull, turn: string): void {
  const { pull: before } = draft.record;
  const now = toPull(seen, before);
  if (before && isSame(before, now)) return;
  keepPull(draft, now, turn);
  draft.urgency = 'now';
}

export function isSame(before: PullRequest, now: PullRequest): boolean {
  const { head, state, baseBranch, isDraft = false } = before;
  return (
    head === now.head && state === now.state && baseBranch === now.baseBranch && isDraft === (now.isDraft ?? false)
  );
}
