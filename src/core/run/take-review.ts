import type { Action } from '../model/action.ts';
import type { Cause } from '../model/cause.ts';
import type { ReviewOutcome } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { type Draft, note } from './draft.ts';
import { goOnVerified } from './go-on-verified.ts';
import { keepReview, missReview, toMissed } from './keep-review.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takeReview(draft: Draft, run: Run, action: Action, outcome: ReviewOutcome): void {
  if (outcome.kind === 'stopped' || action.kind !== 'review') return;
  if (run.state.kind !== 'reviewing' || run.state.phase !== 'judging') return;
  const { key } = run.verification ?? {};
  // The head or the base moved while it was looked at: the state asks again for what is there now.
  if (key?.head !== action.head || key.base !== action.base) return;
  if (outcome.kind === 'failed') {
    if (isOutside(outcome.cause)) return recordTrouble(draft, run, 'review', outcome.cause);
    clearTrouble(run, 'review');
    return missReview(draft, run, toMissed(outcome.cause), { spend: outcome.spend });
  }
  clearTrouble(run, 'review');
  const { report, steps, seconds, spend } = outcome;
  const told = { report, steps, seconds, spend };
  if (outcome.kind === 'unusable') return missReview(draft, run, { why: outcome.why }, told);
  const { findings, omitted, isPartial } = outcome;
  keepReview(draft, run, {
    ...told,
    ...(isPartial ? { isPartial } : {}),
    plan: action.plan,
    result: { kind: 'judged', findings, omitted },
  });
  const confirmed = findings.filter(({ status }) => status === 'confirmed').length;
  note(draft, 'reviewed', `${action.head.slice(0, 10)}: ${tellCount(findings.length)}, ${confirmed} of them confirmed`);
  goOnVerified(draft, run);
}

/** Faults of the world outside, which pass; anything else would be the same the next time. */
function isOutside(cause: Cause): boolean {
  return cause.kind === 'model_unavailable' || cause.kind === 'infrastructure';
}

function tellCount(count: number): string {
  return count === 1 ? '1 finding' : `${count} findings`;
}
