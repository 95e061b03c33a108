// The head of the lane verifies again when the base is not the one that its verdict is for. Whoever waits behind it does
// not: the base would move once more before its turn.
import { evaluateGate } from '../gate/evaluate-gate.ts';
import { isGreen, type VerificationOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { isReviewWanted } from '../review/review-need.ts';
import { type Draft, enter, toRevision } from './draft.ts';
import { endMerge } from './refuse-merge.ts';

export function isVerifyingInLane({ state }: Run): boolean {
  return state.kind === 'merging' && state.by.kind === 'command' && state.by.phase === 'verifying';
}

/** The verdict on the newer base is in: what the gate is open for is merged under the same grant. An override was for the older one. */
export function mergeVerified(draft: Draft, run: Run): void {
  const { state, verification } = run;
  if (state.kind !== 'merging' || state.by.kind !== 'command' || !verification) return;
  // Where the base has moved once more, the merge finds that by itself and follows it.
  const { baseMoved: _, ...verified } = run;
  const verdict = evaluateGate(verified);
  if (verdict.state.kind === 'open') {
    const by = { ...state.by, phase: 'merging' as const, shownFrom: toRevision(draft) };
    return enter(draft, run, { kind: 'merging', since: draft.now, by });
  }
  const { head, base } = verification.key;
  if (isReviewWanted(run)) {
    endMerge(
      draft,
      run,
      `the base has moved to ${base}, and what would be merged there is another change: it is reviewed anew; ask again when the gate is open`,
    );
    if (run.state.kind === 'ready') enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'judging' });
    return;
  }
  if (isGreen(verification.report))
    return endMerge(draft, run, `the base has moved to ${base}, and the gate is not open for that: ${verdict.because}`);
  endMerge(draft, run, `head ${head} is red on the base ${base}, to where ${run.base.branch} has moved`);
}

export function renderConflict(run: Run, outcome: Extract<VerificationOutcome, { kind: 'conflict' }>): string {
  const { head, base } = outcome;
  return `head ${head} conflicts with the base ${base}, to where ${run.base.branch} has moved`;
}
