// The pull request that a subject is and that no run made, as GitHub shows it: what nobody told of, or told too late, is known from
// whatever asks about it.
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
  const { sharers, sharedWith, heldCi } = before?.head === seen.head ? before : {};
  return {
    ...rest,
    ...(isSameRepository ? {} : { isFork: true }),
    ...(isDraft ? { isDraft } : {}),
    ...(sharers ? { sharers } : {}),
    ...(heldCi ? { heldCi } : {}),
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

/** What is as it was known is shown already. */
export function takeSeen(draft: Draft, seen: SeenPull, turn: string): void {
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
