// Whether what a merge would change is reviewed. A review holds for exactly one change under one choice of reviewers: where the
// base moved and the change is the same, it is carried over; a push makes another change.
import { isPassable } from '../gate/is-passable.ts';
import type { ReviewRecord } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { planReview } from './plan-review.ts';

/** The review of exactly what the newest verdict is for. */
export function findReview(run: Run): ReviewRecord | undefined {
  const { review, verification, policy } = run;
  if (!review || review.isOver || !policy.review || verification?.change === undefined) return undefined;
  const { reviewers } = planReview(run, policy.review);
  const isSame = review.change === verification.change && reviewers.every((one) => review.plan.reviewers.includes(one));
  // Under strict settings a review is for one base, like the verdict.
  return isSame && (!policy.isStrict || review.base === verification.key.base) ? review : undefined;
}

/** What nobody can tell from another change is not reviewed: its gate stays shut. Red is reviewed only where a maintainer lets it through. */
export function isReviewWanted(run: Run): boolean {
  const { policy, verification } = run;
  if (!policy.review || verification?.change === undefined || !isPassable(run)) return false;
  return findReview(run) === undefined;
}
