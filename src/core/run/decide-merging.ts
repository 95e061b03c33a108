// A command to merge waits for its turn in the lane of the base branch, verifies again when that branch has moved, and
// merges the exact key that was verified. What a person has merged is only read.

import { findHeldRuns } from '../gate/evaluate-held-ci.ts';
import { nameHoldLabel } from '../gate/evaluate-hold.ts';
import type { PullRequest, Run, RunState, Verification } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { askLane } from './ask-lane.ts';
import { cancelWork, type Draft, enter, listWork, nextActionId, note, settleReceipt, tell, want } from './draft.ts';
import { leaveLane } from './leave-lane.ts';
import { askForBase, type BaseSeen, noteBase } from './moved-base.ts';
import { endForHeldCi, endMerge } from './refuse-merge.ts';
import { backoffUntil } from './trouble.ts';

type Merging = Extract<RunState, { kind: 'merging' }>;
type Command = Extract<Merging['by'], { kind: 'command' }>;

/** How often one command gets in line, and how often a moving base is followed. */
export const turnsAtMost = 3;
export const verificationsAtMost = 3;
/** How many turns are not counted because GitHub could not be asked: more than its longest limit needs. */
export const postponementsAtMost = 6;

/** Whether a merge may be landing at this moment, or has landed; one that only waits for it may be ended. */
export function isMergeUnderWay({ state }: Run): boolean {
  return state.kind === 'merging' && (state.by.kind === 'person' || state.by.phase === 'merging');
}

export function decideMerging(draft: Draft, run: Run, state: Merging): void {
  if (isDisarmed(run, state)) return disarm(draft, run, state.by);
  if (listWork(draft).length > 0) return;
  const { pullRequest, verification } = run;
  if (!pullRequest || (state.by.kind === 'command' && !verification)) {
    enter(draft, run, { kind: 'ready', since: draft.now });
    return;
  }
  if (state.by.kind === 'person') {
    want(
      draft,
      { kind: 'prove_merge', id: nextActionId(run, 'prove'), runId: run.id, number: pullRequest.number },
      backoffUntil(draft, run, 'prove'),
    );
    return;
  }
  if (verification) decideCommand(draft, run, { by: state.by, pullRequest, verification });
}

interface Armed {
  readonly by: Command;
  readonly pullRequest: PullRequest;
  readonly verification: Verification;
}

function decideCommand(draft: Draft, run: Run, armed: Armed): void {
  const { by, pullRequest, verification } = armed;
  if (pullRequest.head !== verification.key.head) return disarm(draft, run, by);
  const wish = draft.record.lane;
  const grant = wish && wish.runId === run.id && !wish.isOver ? wish.grant : undefined;
  if (run.isHeld) return endMerge(draft, run, `the label ${quoteCode(nameHoldLabel(draft.record))} is on`);
  const held = findHeldRuns(pullRequest);
  if (held) return endForHeldCi(draft, run, held.count);
  if (momentOfShown(draft, by) !== undefined) return;
  if (by.phase === 'waiting') return grant ? takeTurn(draft, run, armed) : ask(draft, run, armed);
  // What was granted was taken back, or was never asked for: back into the line.
  if (!wish || !grant) return enterPhase(draft, run, { ...by, phase: 'waiting' });
  if (by.phase === 'verifying') {
    const id = nextActionId(run, 'verify');
    // The head was verified before: nothing that is new is executed.
    const { head } = verification.key;
    askForBase(run);
    want(
      draft,
      { kind: 'verify', id, runId: run.id, head, origin: 'ours', isFresh: false },
      backoffUntil(draft, run, 'verify'),
    );
    return;
  }
  want(draft, {
    kind: 'merge',
    id: nextActionId(run, 'merge'),
    runId: run.id,
    number: pullRequest.number,
    head: verification.key.head,
    base: verification.key.base,
    requestedBy: by.actor,
    ...(by.isBySettings ? { isBySettings: true } : {}),
    ask: wish.ask,
    epoch: grant.epoch,
  });
}

function ask(draft: Draft, run: Run, { by, pullRequest }: Armed): void {
  leaveLane(draft);
  // One wish at a time: an older one is left first, and that one of this run may simply not be granted yet.
  if (draft.record.lane) return;
  if (by.turns >= turnsAtMost + (by.postponed ?? 0)) {
    const why = by.trouble === undefined ? '' : ` (${by.trouble})`;
    return endMerge(draft, run, `it did not come to an end in ${by.turns} turns${why}`);
  }
  if (momentOfTurn(run, draft.now) !== undefined) return;
  delete by.notBefore;
  // Whoever has had a turn was told nothing of the base: from then on it is followed wherever it moves.
  if (by.turns > 0) delete by.baseWhenAsked;
  by.turns += 1;
  delete by.ahead;
  askLane(draft, run, pullRequest);
}

/** GitHub refuses a merge while a required check is not what it was decided to be. It does not take long to be shown. */
const showMs = 60_000;

/** Until when the gate is waited for to be shown as open; undefined once it is, or that has taken too long. */
function momentOfShown({ record, now }: Draft, { shownFrom }: Command): number | undefined {
  const { state } = record.run ?? {};
  if (shownFrom === undefined || record.presentation.done >= shownFrom || !state) return undefined;
  const until = state.since + showMs;
  return until > now ? until : undefined;
}

/** When somebody who merges on command has to look again by himself. */
export function momentOfMerge(draft: Draft, run: Run): number | undefined {
  const { state } = run;
  if (state.kind !== 'merging' || state.by.kind !== 'command') return undefined;
  return momentOfShown(draft, state.by) ?? momentOfTurn(run, draft.now);
}

/** When a run that was told to wait wants its next turn; undefined once that is now. */
function momentOfTurn({ state }: Run, now: number): number | undefined {
  const notBefore = state.kind === 'merging' && state.by.kind === 'command' ? state.by.notBefore : undefined;
  return notBefore !== undefined && notBefore > now ? notBefore : undefined;
}

function takeTurn(draft: Draft, run: Run, { by, verification }: Armed): void {
  const granted = draft.record.lane?.grant?.base;
  const seen = granted === undefined ? toSeen(run) : { head: granted, isRead: true };
  // After an earlier turn it may have landed, which is read before anything else: a base that moved is found as well.
  const isAgain = by.turns > 1;
  if (isAgain || seen === undefined || seen.head === verification.key.base)
    return enterPhase(draft, run, { ...by, phase: 'merging' });
  followBase(draft, run, by, seen);
}

/** Where the verdict stands although the base moved, whoever merges finds that by himself. */
function toSeen({ baseMoved, policy }: Run): BaseSeen | undefined {
  if (!baseMoved || policy.baseMoved === 'keep') return undefined;
  return { head: baseMoved.to, isRead: baseMoved.isRead };
}

/** The merge is armed for its head: a base that moves is followed, under the same grant. */
export function followBase(draft: Draft, run: Run, by: Command, seen: BaseSeen): void {
  const wish = draft.record.lane;
  if (!wish?.grant) return enterPhase(draft, run, { ...by, phase: 'waiting' });
  if (seen.head !== run.verification?.key.base) noteBase(draft, run, seen);
  const count = by.verifications + 1;
  note(draft, 'reverify', `${run.base.branch} is at ${seen.head.slice(0, 10)}: verified again before the merge`);
  tell(draft, wish.lane, { kind: 'lane_held', ask: wish.ask, epoch: wish.grant.epoch, count });
  enterPhase(draft, run, { ...by, phase: 'verifying', verifications: count });
}

/** Somebody pushed while it waited: the command was for another head. One that is under way finds that by itself. */
function isDisarmed(run: Run, { by }: Merging): boolean {
  const isHeadOther = run.pullRequest?.head !== run.verification?.key.head;
  return by.kind === 'command' && by.phase !== 'merging' && isHeadOther && run.pullRequest !== undefined;
}

function disarm(draft: Draft, run: Run, by: Merging['by']): void {
  const [expected = 'nothing', actual = 'nothing'] = [run.verification?.key.head, run.pullRequest?.head];
  cancelWork(draft);
  if (by.kind === 'command') settleReceipt(draft, by.receiptId, 'refused');
  run.mergeRefusal = { kind: 'head_moved', expected, actual };
  note(draft, 'merge_refused', 'the merge was refused: head_moved', { outcome: run.mergeRefusal });
  // It ended while a call of ours might have been merging it, so that this is the first look after that.
  if (run.pullRequest?.state === 'merged')
    return enter(draft, run, { kind: 'merging', since: draft.now, by: { kind: 'person' } });
  if (run.pullRequest?.state === 'closed')
    return enter(draft, run, { kind: 'closed', since: draft.now, by: 'somebody' });
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
}

function enterPhase(draft: Draft, run: Run, by: Command): void {
  enter(draft, run, { kind: 'merging', since: draft.now, by });
}
