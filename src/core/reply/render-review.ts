import type { ReviewRecord } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { findDismissal } from '../review/find-dismissal.ts';
import { findReview } from '../review/review-need.ts';
import { joinSections } from './join-sections.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';
import { listAnsweredInstead } from './render-chain-use.ts';
import { renderFinding, renderFindingList } from './render-finding-list.ts';
import { renderMoney } from './render-money.ts';

/** What reviewers found of exactly what would be merged; of an older change only that it was another one. */
export function renderReview(run: Run): string {
  const { review, policy } = run;
  if (!policy.review || !review) return '';
  const isCurrent = findReview(run) === review;
  return joinSections([
    '### Review',
    isCurrent ? '' : 'What would be merged is another change by now; this was the review of the one before.',
    renderScope(review),
    ...listAnsweredInstead(review.steps.map(({ model }) => model)),
    ...renderResult(run, review),
    renderDismissals(run),
  ]);
}

function renderScope({ plan, head, base, seconds, spend }: ReviewRecord): string {
  const who = plan.reviewers.map((focus) => quoteCode(focus)).join(', ');
  const where = `head \`${head.slice(0, 10)}\` on base \`${base.slice(0, 10)}\``;
  const cost = `${Math.round(seconds)} s, ${renderMoney(spend)}`;
  return `${depths[plan.depth]} review of ${where}, since ${quoteInline(plan.why, 200)}: ${who} · ${cost}`;
}

const depths: Record<ReviewRecord['plan']['depth'], string> = {
  full: 'Full',
  targeted: 'Targeted',
  selective: 'Selective',
};

function renderResult(run: Run, { result }: ReviewRecord): string[] {
  if (result.kind === 'missing') return [`**The review did not happen:** ${quoteInline(result.why, 400)}`];
  const findings = result.findings.filter((finding) => !findDismissal(run, finding));
  if (result.findings.length === 0) return ['Nothing was found.'];
  return findings.length === 0
    ? ['Nothing was found that nobody dismissed.']
    : renderFindingList({ ...result, findings });
}

/** Also those that nobody claimed again since: what somebody took on is never out of sight. */
function renderDismissals({ dismissals = [] }: Run): string {
  if (dismissals.length === 0) return '';
  const lines = dismissals.map(
    ({ finding, head, by, reason }) =>
      `${renderFinding(finding)}\n  Dismissed by ${quoteName(by.login)} for head \`${head.slice(0, 10)}\`: ${quoteInline(reason, 400)}`,
  );
  return `<details><summary>Dismissed (${lines.length})</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

/** Who reviewed, for the last line of a pull request. */
export function renderReviewers(run: Run): string {
  const review = findReview(run);
  return review?.result.kind === 'judged' ? review.plan.reviewers.join(', ') : 'none';
}
