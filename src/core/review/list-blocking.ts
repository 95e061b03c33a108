import { isPassable } from '../gate/is-passable.ts';
import type { Finding, FindingSeverity } from '../model/finding.ts';
import { isGreen } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { findDismissal } from './find-dismissal.ts';
import { findReview } from './review-need.ts';

/** What was found of exactly what would be merged, confirmed or not. */
export function listFound(run: Run): readonly Finding[] {
  const review = findReview(run);
  return review?.result.kind === 'judged' ? review.result.findings : [];
}

/** Only what was confirmed blocks: what nobody could settle is shown. */
export function isBlocking(
  { status, severity, isForPerson }: Finding,
  { blocking }: { readonly blocking: readonly FindingSeverity[] },
): boolean {
  return !isForPerson && status === 'confirmed' && blocking.includes(severity);
}

/** The findings that keep the gate shut, and that an agent could mend. */
export function listBlocking(run: Run): Finding[] {
  const { review } = run.policy;
  return review ? listFound(run).filter((finding) => isBlocking(finding, review) && !findDismissal(run, finding)) : [];
}

/** What people are to decide. */
export function listForPeople(run: Run): Finding[] {
  return listFound(run).filter((finding) => isForPeople(finding) && !findDismissal(run, finding));
}

export function isForPeople({ status, isForPerson }: Finding): boolean {
  return isForPerson === true && status !== 'refuted' && status !== 'fixed';
}

/** Whether it keeps the gate shut for as long as nobody rejects it. */
export function isHolding({ policy }: Run, finding: Finding): boolean {
  return policy.review !== undefined && (isBlocking(finding, policy.review) || isForPeople(finding));
}

/** A finding of exactly what would be merged, or why there is none of that name. */
export function findNamed(run: Run, name: string): Finding | string {
  const found = listFound(run);
  const finding = found.find(({ id }) => id?.toLowerCase() === name.toLowerCase());
  if (finding) return finding;
  const names = found.flatMap(({ id }) => (id === undefined ? [] : [quoteCode(id)]));
  const known = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  return `There is no finding ${quoteCode(name)} of what would be merged now; ${known}.`;
}

/** Whether what the verify commands said is what stands against it: nothing else is known of it then. */
export function isRed(run: Run): boolean {
  const { verification } = run;
  return verification !== undefined && verification.report.commands.length > 0 && isUnpassable(run);
}

function isUnpassable(run: Run): boolean {
  return !isPassable(run) && run.verification !== undefined && !isGreen(run.verification.report);
}
