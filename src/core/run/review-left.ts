import type { Run } from '../model/run.ts';
import { isReviewWanted } from '../review/review-need.ts';
import { type Draft, enter, note } from './draft.ts';

/** What was pushed while nothing was to start here was verified and not reviewed: that is made up for as soon as it may be. */
export function reviewLeft(draft: Draft, run: Run): void {
  const { pullRequest, verification, baseMoved } = run;
  if (draft.record.ignored || draft.record.held || baseMoved || !isReviewWanted(run)) return;
  if (pullRequest?.state !== 'open' || pullRequest.head !== verification?.key.head) return;
  note(draft, 'review_asked', 'what was pushed while nothing was to start here is reviewed');
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'judging' });
}
