import type { Finding } from '../model/finding.ts';
import type { ReviewRecord } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { findDismissal } from '../review/find-dismissal.ts';
import { findReview } from '../review/review-need.ts';
import { renderMarker } from './marker.ts';
import { quoteInline } from './quote-inline.ts';
import type { DesiredReview } from './view.ts';

/**
 * What reviewers found, beside the lines that it is about: once for each change, the worst first and a bounded number. The
 * rest, and what was refuted, is in the comment.
 */
export function renderRemarks(run: Run): DesiredReview | undefined {
  const { pullRequest, policy } = run;
  const review = findReview(run);
  if (pullRequest?.state !== 'open' || !review || review.isRemarked || review.result.kind !== 'judged')
    return undefined;
  if (pullRequest.head !== review.head) return undefined;
  const open = review.result.findings.filter(
    (finding) => finding.status !== 'refuted' && finding.status !== 'fixed' && !findDismissal(run, finding),
  );
  const told = open.filter(isPlaced).slice(0, policy.review?.maxInline ?? 0);
  if (told.length === 0) return undefined;
  const rest = open.length - told.length;
  const more = rest === 0 ? '' : ` ${rest} more ${rest === 1 ? 'is' : 'are'} in the comment of this run.`;
  return {
    number: pullRequest.number,
    marker: toRemarksMarker(run, review),
    headSha: review.head,
    body: `What reviewers found in \`${review.head.slice(0, 10)}\`, beside the lines.${more}`,
    remarks: told.map((finding) => ({ path: finding.path, line: finding.line, body: renderRemark(finding) })),
  };
}

/** One for each change of a run. */
export function toRemarksMarker({ id }: Run, { change }: ReviewRecord): string {
  return renderMarker('review', `${id}-${change.slice(0, 16)}`);
}

function isPlaced(finding: Finding): finding is Finding & { line: number } {
  return finding.line !== undefined && finding.isInChange === true;
}

function renderRemark({ severity, status, what, how, why, isForPerson }: Finding): string {
  const grade = isForPerson ? '**For a person to decide**' : `**${severity}**, ${status}`;
  const because = why === undefined ? '' : `\n\n<sub>${quoteInline(why, 300)}</sub>`;
  const see = how === undefined ? '' : ` To see it: ${quoteInline(how, 400)}`;
  return `${grade}: ${quoteInline(what, 400)}${see}${because}`;
}
