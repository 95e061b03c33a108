import type { MergeOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';

export function takeMerge(draft: Draft, run: Run, outcome: MergeOutcome): void {
  const receiptId =
    run.state.kind === 'merging' && run.state.by.kind === 'command' ? run.state.by.receiptId : undefined;
  if (outcome.kind === 'merged') {
    takeMerged(draft, run, outcome);
    if (receiptId) settleReceipt(draft, receiptId, 'done');
    return;
  }
  if (run.state.kind !== 'merging') return;
  if (receiptId) settleReceipt(draft, receiptId, 'refused');
  if (outcome.kind === 'stopped') return;
  run.mergeRefusal = outcome;
  note(draft, 'merge_refused', `the merge was refused: ${outcome.kind}`, { outcome });
  if (outcome.kind === 'head_moved' && run.pullRequest) run.pullRequest.head = outcome.actual;
  const needsVerification = outcome.kind === 'head_moved' || outcome.kind === 'base_moved';
  enter(
    draft,
    run,
    needsVerification
      ? { kind: 'reviewing', since: draft.now, phase: 'verifying' }
      : { kind: 'ready', since: draft.now },
  );
}

/** A merge that landed is told truly, whatever crossed it. */
function takeMerged(draft: Draft, run: Run, outcome: Extract<MergeOutcome, { kind: 'merged' }>): void {
  const isProven = outcome.tree === run.verification?.key.tree;
  delete run.mergeRefusal;
  if (run.pullRequest) run.pullRequest.state = 'merged';
  note(
    draft,
    'merged',
    `merged as ${outcome.sha.slice(0, 10)}; the tree is ${isProven ? 'the verified one' : 'NOT the verified one'}`,
    {
      tree: outcome.tree,
      verified: run.verification?.key.tree,
    },
  );
  enter(draft, run, {
    kind: 'merged',
    since: draft.now,
    sha: outcome.sha,
    tree: outcome.tree,
    isProven,
    by: outcome.by,
  });
}
