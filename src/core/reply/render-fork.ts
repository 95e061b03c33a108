import type { OtherPulls } from '../gate/evaluate-observed.ts';
import type { Verdict } from '../gate/verdict.ts';
import type { BranchRules } from '../model/branch-rules.ts';
import type { VouchedHead } from '../model/vouch.ts';
import { quoteCode, quoteName } from './quote-inline.ts';

interface Fork {
  readonly head: string;
  readonly vouched: VouchedHead | undefined;
  readonly verdict: Verdict;
  readonly otherPulls: OtherPulls | undefined;
  readonly rules: BranchRules | undefined;
}

/** Whether something of it may be executed; where a vouch would change anything, what and by which command. */
export function renderFork({ head, vouched, verdict, otherPulls, rules }: Fork): string {
  if (vouched?.head === head)
    return `It comes from a fork. ${quoteName(vouched.by)} vouched for exactly this head, which may be executed in sandboxes.`;
  const none =
    'It comes from a fork: nothing of it is executed until somebody with write permission vouches for exactly this head.';
  if (otherPulls === undefined || otherPulls.kind === 'unknown') return none;
  const uses = [
    ...(isReviewMissing(verdict) ? ['reviewers work in it in sandboxes instead of reading it as text'] : []),
    ...(rules?.hasMergeQueue
      ? ['a commit of the merge queue that holds it be verified where a run made something else in that']
      : []),
  ];
  return uses.length === 0
    ? none
    : `${none} ${quoteCode(`/${otherPulls.slash} vouch ${head}`)} would let ${uses.join(', and ')}.`;
}

/** Somebody has to ask for one. What was found is not mended by looking at it in another way. */
function isReviewMissing({ gate, state }: Verdict): boolean {
  return gate === 'review' && state.kind === 'closed' && state.conclusion !== 'failure';
}
