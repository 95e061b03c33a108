// A command to merge that ends without a merge: it is answered, and people read why.
import { tellHeldRuns } from '../gate/evaluate-held-ci.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';

/** Answers the command and says why; to where the run goes is for whoever calls. */
export function refuseMerge(draft: Draft, run: Run, why: string): void {
  const { state } = run;
  if (state.kind === 'merging' && state.by.kind === 'command') settleReceipt(draft, state.by.receiptId, 'refused');
  run.mergeRefusal = { kind: 'refused', why };
  note(draft, 'merge_refused', `the merge was refused: ${why}`);
}

/** Nothing is wrong with the run itself: it is as ready as it was, unless its pull request ended meanwhile. */
export function endMerge(draft: Draft, run: Run, why: string): void {
  if (run.pullRequest?.state !== 'merged') refuseMerge(draft, run, why);
  rest(draft, run);
}

/** Of a merge that the settings want, and nobody waits for. */
export function toOwnReceipt(tried: string): string {
  return `by itself: ${tried}`;
}

/** What the settings want merged is tried again once CI is let run. */
export function endForHeldCi(draft: Draft, run: Run, count: number): void {
  const { state, triedToMerge } = run;
  const receiptId = state.kind === 'merging' && state.by.kind === 'command' ? state.by.receiptId : undefined;
  if (triedToMerge !== undefined && receiptId === toOwnReceipt(triedToMerge)) delete run.triedToMerge;
  endMerge(draft, run, tellHeldRuns(count));
}

/** As ready as its pull request is. */
export function rest(draft: Draft, run: Run): void {
  const { now: since } = draft;
  if (run.pullRequest?.state === 'merged') return enter(draft, run, { kind: 'merging', since, by: { kind: 'person' } });
  if (run.pullRequest?.state === 'closed') return enter(draft, run, { kind: 'closed', since, by: 'somebody' });
  enter(draft, run, { kind: 'ready', since });
}
