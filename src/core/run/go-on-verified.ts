import { listUndelivered, type Run } from '../model/run.ts';
import { isReviewWanted } from '../review/review-need.ts';
import { adoptHead, markDelivered } from './branch.ts';
import { type Draft, enter, note } from './draft.ts';
import { dropRound, findShortfall, isRoundUnseen } from './fix-round.ts';

/**
 * What follows a verdict: a review, where there is none of this change; the push of what is not pushed yet; then it is ready.
 * A review comes before the first push, unless the settings want the push first.
 */
export function goOnVerified(draft: Draft, run: Run): void {
  const head = run.verification?.key.head;
  if (head === undefined) return;
  const isShown = run.pullRequest?.head === head;
  // What is built besides is merged onto it first: reviewing it before would be for nothing.
  if (isShown && listUndelivered(run).length > 0) return takePullHead(draft, run, head);
  // What mends a finding is checked against it before anybody sees it, wherever else the push comes first.
  const isFirst = isShown || run.policy.review?.push === 'after_review' || isRoundUnseen(run);
  // Where nothing is to start, what people push is verified and not reviewed.
  if (isFirst && isReviewWanted(run) && !draft.record.ignored)
    return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'judging' });
  if (isShown) return takePullHead(draft, run, head);
  const shortfall = isRoundUnseen(run) ? findShortfall(run) : undefined;
  if (shortfall !== undefined) return dropRound(draft, run, shortfall);
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'publishing' });
}

/** What people see is verified. What was built besides and not pushed yet is merged onto it. */
function takePullHead(draft: Draft, run: Run, head: string): void {
  // However it came there, what we built is what people see.
  if (head === run.integration?.commit) markDelivered(run, head);
  const undelivered = listUndelivered(run);
  if (undelivered.length === 0) return enter(draft, run, { kind: 'ready', since: draft.now });
  note(draft, 'adopted', `${head.slice(0, 10)} was pushed meanwhile and is what the rest builds on`);
  adoptHead(run, head);
  run.ahead = [undelivered, ...run.ahead];
  enter(draft, run, { kind: 'executing', since: draft.now, phase: 'attempting' });
}
