import type { Cause } from '../model/cause.ts';
import type { ReviewRecord } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { keepJudged } from '../outcome/keep-judged.ts';
import { renderCause } from '../reply/render-cause.ts';
import { nameFindings } from '../review/name-findings.ts';
import { listOpenFindings } from '../review/open-findings.ts';
import { planReview } from '../review/plan-review.ts';
import { type Draft, note } from './draft.ts';
import { goOnVerified } from './go-on-verified.ts';
import { forgetAnswers } from './keep-answers.ts';
import { voidPowerless } from './void-dismissals.ts';

/** It did not happen, and the gate says so: whoever wants the work can look at it, and ask for the review again. */
export function missReview(
  draft: Draft,
  run: Run,
  missed: { readonly why: string; readonly limit?: string },
  told: Partial<Pick<ReviewRecord, 'report' | 'steps' | 'seconds' | 'spend'>> = {},
): void {
  const { policy } = run;
  if (!policy.review) return;
  const rest = { steps: [], seconds: 0, spend: nothingSpent, ...told };
  keepReview(draft, run, { ...rest, plan: planReview(run, policy.review), result: { kind: 'missing', ...missed } });
  note(draft, 'review_missing', `the review did not happen: ${missed.why}`);
  goOnVerified(draft, run);
}

export function keepReview(draft: Draft, run: Run, about: Omit<ReviewRecord, 'change' | 'head' | 'base' | 'at'>): void {
  const { key, change } = run.verification ?? {};
  if (!key || change === undefined) return;
  const earlier = about.result.kind === 'missing' ? listOpenFindings(run) : [];
  const { result } = about;
  forgetAnswers(run);
  // Of a run that is older than what is kept of each.
  if (!run.judged && run.review?.result.kind === 'judged') keepJudged(run, run.review.result.findings);
  run.review = {
    change,
    head: key.head,
    base: key.base,
    at: draft.now,
    ...about,
    ...(result.kind === 'judged'
      ? { result: { ...result, findings: nameFindings(run, result.findings, key.head) } }
      : {}),
    ...(earlier.length > 0 ? { earlier } : {}),
  };
  if (run.review.result.kind === 'judged') keepJudged(run, run.review.result.findings);
  voidPowerless(draft, run);
}

/** As people read it, and as the limit that a `continue` would raise. */
export function toMissed(cause: Cause): { readonly why: string; readonly limit?: string } {
  const why = renderCause(cause);
  return cause.kind === 'budget' ? { why, limit: cause.limit } : { why };
}
