import { isPassable } from '../gate/is-passable.ts';
import type { Finding } from '../model/finding.ts';
import { isGreen } from '../model/result.ts';
import type { ReviewPolicy } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { findReview } from './review-need.ts';

/** What was found of exactly what would be merged, confirmed or not. */
export function listFound(run: Run): readonly Finding[] {
  const review = findReview(run);
  return review?.result.kind === 'judged' ? review.result.findings : [];
}

/** Only what was confirmed blocks: what nobody could settle is shown. */
export function isBlocking({ status, severity, isForPerson }: Finding, { blocking }: ReviewPolicy): boolean {
  return !isForPerson && status === 'confirmed' && blocking.includes(severity);
}

/** The findings that keep the gate shut. */
export function listBlocking(run: Run): Finding[] {
  const { review } = run.policy;
  return review ? listFound(run).filter((finding) => isBlocking(finding, review)) : [];
}

/** Whether what the verify commands said is what stands against it: nothing else is known of it then. */
export function isRed(run: Run): boolean {
  const { verification } = run;
  return verification !== undefined && verification.report.commands.length > 0 && isUnpassable(run);
}

function isUnpassable(run: Run): boolean {
  return !isPassable(run) && run.verification !== undefined && !isGreen(run.verification.report);
}
