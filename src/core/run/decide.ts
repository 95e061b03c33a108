// The one place where it is chosen what happens next: (snapshot) -> decision. Pure, total and deterministic.
// Events are taken in the order of the inbox; then limits are looked at, and whoever died is replaced, in this order, so
// that nobody is replaced whose work has just ended; then the run's state says what it needs.
import type { Decision } from '../model/decision.ts';
import { toPhase } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { checkFingerprint } from './approval.ts';
import { disarmUnlessComing, mergeByItself, takeArmed } from './armed-merge.ts';
import { expireQuestions, momentOfQuestion, startQuestions, withdrawQuestions } from './ask-people.ts';
import { momentOfText } from './await-text.ts';
import { releaseUnused } from './budget.ts';
import { checkAbandonment, momentOfAbandonment } from './check-abandonment.ts';
import { checkStaleness, momentOfLook } from './check-staleness.ts';
import { checkDeadline, deadlineOf } from './deadline.ts';
import { decideArchive, toArchiveWake } from './decide-archive.ts';
import { decideExecuting } from './decide-executing.ts';
import { decideMerging, momentOfMerge } from './decide-merging.ts';
import { decideNeedsInput } from './decide-needs-input.ts';
import { decidePlanning } from './decide-planning.ts';
import { decideReviewing } from './decide-reviewing.ts';
import { decideStopping } from './decide-stopping.ts';
import { cancelWork, type Draft, openDraft, toDecision } from './draft.ts';
import { settleRound } from './fix-round.ts';
import { lookAtHeldCi, momentOfHeldCi } from './held-ci.ts';
import { decideHold, decidePaused, toHeldState } from './hold.ts';
import { dropSeen } from './keep-ended.ts';
import { settleRemarks } from './keep-remarks.ts';
import { keepHeld, keepLeftAlone } from './lasting-label.ts';
import { leaveLane } from './leave-lane.ts';
import { listMoments } from './list-moments.ts';
import { noteReplacedHead } from './note-replaced-head.ts';
import { placeWaiters } from './place-waiters.ts';
import { planPresentation } from './plan-presentation.ts';
import { reclaimDead } from './reclaim-dead.ts';
import { dropEdited } from './request-vouch.ts';
import { reviewLeft } from './review-left.ts';
import { takeThreadPull } from './see-pull.ts';
import { settleReadiness } from './settle-readiness.ts';
import { settleReceipts } from './settle-receipts.ts';
import { fixByItself } from './start-round.ts';
import { takeEvent } from './take-event.ts';
import { endUnheard } from './take-instructed.ts';
import { verifyOnMovedBase } from './verify-on-moved-base.ts';
import { findWatch } from './watch-base.ts';

export function decide(snapshot: Snapshot): Decision {
  const draft = openDraft(snapshot);
  releaseUnused(draft);
  takeThreadPull(draft);
  for (const entry of snapshot.inbox) takeEvent(draft, entry);
  dropEdited(draft);
  checkStaleness(draft);
  keepHeld(draft);
  keepLeftAlone(draft);
  checkFingerprint(draft);
  withdrawQuestions(draft);
  startQuestions(draft);
  expireQuestions(draft);
  checkDeadline(draft);
  reclaimDead(draft);
  progress(draft);
  withdrawQuestions(draft);
  // Also what ended with the run itself.
  if (draft.record.run) placeWaiters(draft, draft.record.run);
  leaveLane(draft);
  disarmUnlessComing(draft);
  endUnheard(draft);
  settleReceipts(draft);
  noteReplacedHead(draft);
  dropSeen(draft);
  checkAbandonment(draft);
  settleRemarks(draft);
  lookAtHeldCi(draft);
  settleReadiness(draft);
  planPresentation(draft);
  decideArchive(draft);
  keepWatch(draft);
  return toDecision(draft, earliestWake(draft));
}

/** Kept in the record as well as in the census, for whoever looks at it: one that an older version kept is counted by the next decision. */
function keepWatch(draft: Draft): void {
  const watch = findWatch(draft);
  if (watch === undefined) delete draft.record.watching;
  else draft.record.watching = watch;
}

/** A state may lead straight into the next one; the number of steps is bounded by the number of states. */
function progress(draft: Draft): void {
  for (let step = 0; step < 100; step += 1) {
    const before = toPosition(draft);
    decideState(draft);
    if (toPosition(draft) === before) return;
  }
}

function toPosition(draft: Draft): string {
  const { state, pausing } = draft.record.run ?? {};
  if (!state) return 'none';
  if (pausing && toHeldState(state)) return `${state.kind}/pausing`;
  if (state.kind === 'merging' && state.by.kind === 'command') return `merging/${state.by.phase}`;
  return 'phase' in state ? `${state.kind}/${state.phase}/${draft.record.run?.behind.length}` : state.kind;
}

function decideState(draft: Draft): void {
  const { run } = draft.record;
  if (!run) return;
  const back = toHeldState(run.state);
  if (run.pausing && back) return decideHold(draft, run, run.pausing, back);
  switch (run.state.kind) {
    case 'planning':
      return decidePlanning(draft, run);
    case 'executing':
      return decideExecuting(draft, run, run.state);
    case 'reviewing':
      return decideReviewing(draft, run, run.state);
    case 'merging':
      return decideMerging(draft, run, run.state);
    case 'stopping':
      return decideStopping(draft, run, run.state);
    case 'paused':
      return decidePaused(draft, run, run.state);
    case 'needs_input':
      return decideNeedsInput(draft, run, run.state);
    case 'awaiting_approval':
      // Nothing works until somebody approves the plan.
      return cancelWork(draft);
    case 'ready':
      cancelWork(draft);
      settleRound(draft, run);
      verifyOnMovedBase(draft, run);
      if (run.state.kind === 'ready') reviewLeft(draft, run);
      if (run.state.kind === 'ready') takeArmed(draft, run);
      if (run.state.kind === 'ready') mergeByItself(draft, run);
      if (run.state.kind === 'ready') fixByItself(draft, run);
      return;
    case 'stopped':
    case 'failed':
    case 'merged':
    case 'reported':
    case 'superseded':
    case 'closed':
      // Nothing works for a run that rests or is over.
      return cancelWork(draft);
  }
}

function earliestWake(draft: Draft): number | undefined {
  const { run } = draft.record;
  const moments = listMoments(draft);
  if (run && toPhase(run.state) === 'working') moments.push(deadlineOf(run, draft.snapshot.outbox));
  const archive = toArchiveWake(draft);
  if (archive !== undefined) moments.push(archive);
  for (const moment of [momentOfAbandonment(draft), draft.record.presentation.confirm?.at, momentOfHeldCi(draft)]) {
    // One that has passed is acted on by this decision.
    if (moment !== undefined && moment > draft.now) moments.push(moment);
  }
  const ofRun = run
    ? [momentOfMerge(draft, run), momentOfText(run, draft.now), momentOfQuestion(run), momentOfLook(draft)]
    : [];
  for (const moment of ofRun) if (moment !== undefined) moments.push(moment);
  if (run?.state.kind === 'paused' && run.state.lookAt !== undefined && !run.isHeld) moments.push(run.state.lookAt);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
