import type { Finding } from '../model/finding.ts';
import type { Remark } from '../model/remark.ts';
import type { ReviewRecord } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { findDismissal } from '../review/find-dismissal.ts';
import { findReview } from '../review/review-need.ts';
import { renderMarker } from './marker.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';
import type { DesiredRemark, DesiredReview } from './view.ts';

/**
 * What reviewers found, beside the lines that it is about: once for each change, the worst first and a bounded number. The
 * rest, and what was refuted, is in the comment.
 */
export function renderRemarks(run: Run): DesiredReview | undefined {
  const { pullRequest } = run;
  const review = findReview(run);
  if (pullRequest?.state !== 'open' || !review || review.isRemarked || review.result.kind !== 'judged')
    return undefined;
  if (pullRequest.head !== review.head) return undefined;
  const told = listRemarked(run, review);
  if (told.length === 0) return undefined;
  const rest = listOpen(run, review).length - told.length;
  const more = rest === 0 ? '' : ` ${rest} more ${rest === 1 ? 'is' : 'are'} in the comment of this run.`;
  return {
    number: pullRequest.number,
    marker: toRemarksMarker(run, review),
    headSha: review.head,
    body: `What reviewers found in \`${review.head.slice(0, 10)}\`, beside the lines.${more}`,
    remarks: told.map((finding) => ({
      path: finding.path,
      line: finding.line,
      marker: toRemarkMarker(run, finding),
      body: renderRemark(finding),
    })),
  };
}

/** What is told beside its lines: the worst first. */
export function listRemarked(run: Run, review: ReviewRecord): (Finding & { line: number })[] {
  return listOpen(run, review)
    .filter(isPlaced)
    .slice(0, run.policy.review?.maxInline ?? 0);
}

function listOpen(run: Run, { result }: ReviewRecord): Finding[] {
  const findings = result.kind === 'judged' ? result.findings : [];
  return findings.filter(
    (finding) => finding.status !== 'refuted' && finding.status !== 'fixed' && !findDismissal(run, finding),
  );
}

/** What stands beside lines and says something else than what has become of it. */
export function renderSettledRemarks(run: Run): DesiredRemark[] {
  const { pullRequest, remarks = [] } = run;
  if (pullRequest?.state !== 'open') return [];
  return remarks
    .filter(({ state, shown }) => state !== shown)
    .map((remark) => ({
      number: pullRequest.number,
      key: toRemarkKey(run, remark),
      marker: toRemarkMarker(run, remark.finding),
      body: renderSettled(remark),
      isSettled: remark.state !== 'open',
    }));
}

export function toRemarkKey(run: Run, { finding, state }: Remark): string {
  return `remark ${toRemarkMarker(run, finding)} ${state}`;
}

/** A finding that is still there is remarked on once more, beside the newest lines: under the same marker. */
function toRemarkMarker({ id }: Run, finding: Finding): string {
  return renderMarker('remark', `${id}-${finding.id ?? ''}`);
}

/** A resolved thread tells nobody why, and a server may refuse to resolve it: what is settled says so itself as well. */
function renderSettled({ finding, state, head = '', by = '', why }: Remark): string {
  const because = why === undefined ? '' : `: ${quoteInline(why, 300)}`;
  switch (state) {
    case 'open':
      return renderRemark(finding);
    case 'fixed':
      return `**Fixed** in \`${head.slice(0, 10)}\`${because}\n\n~~${quoteInline(finding.what, 400)}~~`;
    case 'dismissed':
      return `**Dismissed** by ${quoteName(by)} for \`${head.slice(0, 10)}\`${because}\n\n~~${quoteInline(finding.what, 400)}~~`;
  }
}

/** One for each change of a run. */
export function toRemarksMarker({ id }: Run, { change }: ReviewRecord): string {
  return renderMarker('review', `${id}-${change.slice(0, 16)}`);
}

function isPlaced(finding: Finding): finding is Finding & { line: number } {
  return finding.line !== undefined && finding.isInChange === true;
}

function renderRemark({ id, severity, status, what, how, why, isForPerson }: Finding): string {
  const grade = isForPerson ? '**For a person to decide**' : `**${severity}**, ${status}`;
  const because = why === undefined ? '' : `\n\n<sub>${quoteInline(why, 300)}</sub>`;
  const see = how === undefined ? '' : ` To see it: ${quoteInline(how, 400)}`;
  const name = id === undefined ? '' : `${quoteCode(id)} `;
  return `${name}${grade}: ${quoteInline(what, 400)}${see}${because}`;
}
