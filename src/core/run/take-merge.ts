import type { MergeOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takeMerge(draft: Draft, run: Run, outcome: MergeOutcome): void {
  const receiptId =
    run.state.kind === 'merging' && run.state.by.kind === 'command' ? run.state.by.receiptId : undefined;
  if (outcome.kind === 'merged') {
    takeMerged(draft, run, outcome);
    if (receiptId) settleReceipt(draft, receiptId, 'done');
    return;
  }
  if (run.state.kind !== 'merging') return;
  // GitHub said that it is merged, by webhook or by answer: then it is a matter of reading what landed.
  if (run.pullRequest?.state === 'merged') return proveLater(draft, run, outcome);
  // Whoever worked on it was replaced: the state asks for it once more, and the command is answered by how that ends.
  if (outcome.kind === 'stopped') return;
  if (receiptId) settleReceipt(draft, receiptId, 'refused');
  run.mergeRefusal = outcome;
  note(draft, 'merge_refused', `the merge was refused: ${outcome.kind}`, { outcome });
  if (outcome.kind === 'head_moved' && run.pullRequest) run.pullRequest.head = outcome.actual;
  if (run.pullRequest?.state === 'closed') {
    return enter(draft, run, { kind: 'closed', since: draft.now, by: 'somebody' });
  }
  const isHeadOther = run.pullRequest?.head !== run.verification?.key.head;
  enter(
    draft,
    run,
    isHeadOther || outcome.kind === 'base_moved'
      ? { kind: 'reviewing', since: draft.now, phase: 'verifying' }
      : { kind: 'ready', since: draft.now },
  );
}

function proveLater(draft: Draft, run: Run, outcome: Exclude<MergeOutcome, { kind: 'merged' }>): void {
  const detail = outcome.kind === 'refused' ? outcome.why : `the merge could not be read (${outcome.kind})`;
  recordTrouble(draft, run, 'prove', { kind: 'infrastructure', system: 'github', detail });
  if (run.state.kind === 'merging') run.state = { ...run.state, by: { kind: 'person' } };
}

/** A merge that landed is told truly, whatever crossed it. */
function takeMerged(draft: Draft, run: Run, outcome: Extract<MergeOutcome, { kind: 'merged' }>): void {
  const { sha, tree, by } = outcome;
  const verified = run.verification?.key.tree;
  const isProven = tree === verified;
  clearTrouble(run, 'prove');
  delete run.mergeRefusal;
  if (run.pullRequest) run.pullRequest.state = 'merged';
  const told = isProven ? 'the verified one' : 'NOT the verified one';
  note(draft, 'merged', `merged as ${sha.slice(0, 10)}; the tree is ${told}`, { tree, verified });
  enter(draft, run, { kind: 'merged', since: draft.now, sha, tree, isProven, by });
}
