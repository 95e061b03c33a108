import type { ReviewRecord } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { planReview } from '../review/plan-review.ts';
import { type Draft, note } from './draft.ts';
import { goOnVerified } from './go-on-verified.ts';

/** It did not happen, and the gate says so: whoever wants the work can look at it, and ask for the review again. */
export function missReview(
  draft: Draft,
  run: Run,
  why: string,
  told: Partial<Pick<ReviewRecord, 'report' | 'steps' | 'seconds' | 'spend'>> = {},
): void {
  const { policy } = run;
  if (!policy.review) return;
  const rest = { steps: [], seconds: 0, spend: nothingSpent, ...told };
  keepReview(draft, run, { ...rest, plan: planReview(run, policy.review), result: { kind: 'missing', why } });
  note(draft, 'review_missing', `the review did not happen: ${why}`);
  goOnVerified(draft, run);
}

export function keepReview(draft: Draft, run: Run, about: Omit<ReviewRecord, 'change' | 'head' | 'base' | 'at'>): void {
  const { key, change } = run.verification ?? {};
  if (!key || change === undefined) return;
  run.review = { change, head: key.head, base: key.base, at: draft.now, ...about };
}
