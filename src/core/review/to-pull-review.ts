// Which reviews count for the gate of a pull request that no run made, and what is kept of them: the run itself leaves the
// record a day after it has reported.
import type { PullReview } from '../model/pull-review.ts';
import type { Run, TaskState } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { isOpen } from './open-findings.ts';

/** The product's own; what another workflow looks for, nobody here knows. */
export const reviewWorkflow = 'review';

/** Whoever says what to look at has not asked for all of it to be looked at. */
export function isPullReview({ reads, workflow, request }: Run): boolean {
  return reads?.pull !== undefined && workflow === reviewWorkflow && request === '';
}

type Reported = Extract<TaskState, { kind: 'reported' }>;

export function toPullReview(run: Run, now: number): PullReview | undefined {
  const { id, reads, tasks } = run;
  if (!reads?.pull || !isPullReview(run)) return undefined;
  const reports = tasks.flatMap(({ state }) => (state.kind === 'reported' ? [state] : []));
  const findings = reports.flatMap((report) => report.findings);
  const gap = reports.length < tasks.length ? 'a part of it did not report' : findGap(run, reports);
  return {
    run: id,
    head: reads.head,
    branch: reads.pull.branch,
    base: reads.pull.base,
    at: now,
    findings: findings.filter(isOpen),
    ...(gap === undefined ? {} : { gap }),
    ...(reads.isTextOnly ? { isTextOnly: true } : {}),
    ...(reports.some(({ isPartial }) => isPartial) ? { isPartial: true } : {}),
    ...(reports[0]?.depth ? { depth: reports[0].depth } : {}),
  };
}

/** Where something was not said, cannot be read or was judged by nobody, nobody can say that nothing was found. */
function findGap({ reads, instructions = [] }: Run, reports: readonly Reported[]): string | undefined {
  const [told] = instructions;
  if (told) return `${quoteName(told.by)} told its agents what to do while they worked`;
  for (const { isListed, unread, unheard, unjudged, unplaced, unseen = 0, isPartial } of reports) {
    const [silent] = unheard;
    if (silent !== undefined) return `${quoteCode(silent)} gave no list of findings, or was ended before it was done`;
    if (!isListed) return 'no list of findings was given';
    if (unread > 0) return `${unread} entries of what reviewers found cannot be read`;
    if (unjudged === undefined || unplaced === undefined)
      return 'an older version made it, which does not say whether every claim was checked';
    if (unjudged > 0) return `${unjudged} of the claims of reviewers were checked by nobody`;
    if (unplaced > 0) return `the place of ${unplaced} of what was confirmed could not be found or read`;
    if (unseen > 0) return `what shows ${unseen} of the findings could not be looked at`;
    if (isPartial && reads?.isTextOnly)
      return 'a part of the change is too large to be read as text or is no text, and its agents had no workspace with it in it';
  }
  return reports.length === 0 ? 'nothing was reported' : undefined;
}
