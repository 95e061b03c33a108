import { evaluateGate } from '../gate/evaluate-gate.ts';
import type { Actor } from '../model/actor.ts';
import { toPhase } from '../model/run.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { arm, beginMerge, findArmable } from './armed-merge.ts';
import { type Draft, note, settleReceipt } from './draft.ts';

/**
 * `/pilot merge`: a ready run with an open gate goes on, and one whose head is judged once more is armed; everything else is told
 * why not yet, with both SHAs.
 */
export function requestMerge(draft: Draft, receiptId: string, actor: Actor): void {
  const { run } = draft.record;
  const refuse = (reply: string) => settleReceipt(draft, receiptId, 'refused', reply);
  if (!run?.pullRequest)
    return refuse(renderArchived(draft.record) ?? 'There is no pull request of a run here to merge.');
  const { pullRequest, verification } = run;
  if (pullRequest.state !== 'open') return refuse(`Pull request #${pullRequest.number} is ${pullRequest.state}.`);
  if (run.state.kind === 'merging') return refuse('A merge is under way.');
  if (pullRequest.baseBranch !== run.base.branch) {
    return refuse(
      `Not merged: what was verified was meant for \`${run.base.branch}\`, and the pull request now goes into another branch.`,
    );
  }
  delete run.staysOpen;
  const head = findArmable(run);
  if (head !== undefined) return arm(draft, run, { head, actor, receiptId });
  if (verification && verification.key.head !== pullRequest.head) {
    return refuse(
      `Not merged: the verdict is for head \`${verification.key.head}\`, and the head is now \`${pullRequest.head}\`. ` +
        `${toPhase(run.state) === 'working' ? 'It is being verified' : 'Press "Recheck" on the check to have it verified'}; ask again when the gate is open.`,
    );
  }
  const verdict = evaluateGate(run);
  if (run.state.kind !== 'ready' || verdict.state.kind !== 'open') return refuse(`Not merged: ${verdict.because}`);
  settleReceipt(draft, receiptId, 'started');
  note(draft, 'merge', `@${actor.login} asked to merge #${pullRequest.number} at ${pullRequest.head.slice(0, 10)}`);
  const facts = draft.snapshot.facts.repository;
  const base = facts?.defaultBranch === run.base.branch ? facts.baseSha : undefined;
  // Where the verdict names the newer base as well, that is no news to anybody.
  const baseWhenAsked = base === run.baseMoved?.to ? undefined : base;
  beginMerge(draft, run, { actor, receiptId, ...(baseWhenAsked === undefined ? {} : { baseWhenAsked }) });
}
