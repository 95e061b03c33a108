// `/pilot unmerge`: takes a merge back that is not made yet. What GitHub may be merging at this moment is left to be read.
import type { Run } from '../model/run.ts';
import { quoteName } from '../reply/quote-inline.ts';
import { disarm } from './armed-merge.ts';
import { cancelWork, type Draft, note, settleReceipt } from './draft.ts';
import { listActions } from './outbox-after.ts';
import { endMerge } from './refuse-merge.ts';

export function requestUnmerge(draft: Draft, receiptId: string, login: string): void {
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run?.pullRequest) return settle('refused', 'There is no pull request of a run here that could be merged.');
  const number = `#${run.pullRequest.number}`;
  if (run.pullRequest.state !== 'open') return settle('refused', `Pull request ${number} is ${run.pullRequest.state}.`);
  if (mayBeLanding(draft, run)) return settle('refused', `Pull request ${number} may be merged at this very moment.`);
  const isTaken = takeMergeBack(draft, run, `${quoteName(login)} took it back.`);
  const isHeld = run.policy.mergesByItself && !run.staysOpen;
  if (!isTaken && !isHeld) return settle('refused', `Nobody asked to merge ${number}.`);
  note(draft, 'unmerge', `@${login} took the merge of ${number} back`);
  if (isHeld) run.staysOpen = true;
  const { slash } = run.policy;
  settle('done', `Pull request ${number} is not merged before somebody asks for that: \`/${slash} merge\`.`);
}

/** A call may be under way, or its answer was lost, or people have merged it. */
function mayBeLanding(draft: Draft, { state }: Run): boolean {
  if (state.kind !== 'merging') return false;
  if (state.by.kind === 'person' || draft.record.lane?.mayLand) return true;
  return listActions(draft).some(({ kind }) => kind === 'merge');
}

/** Whether there was one that nobody has begun. */
export function takeMergeBack(draft: Draft, run: Run, why: string): boolean {
  if (run.armed) {
    disarm(draft, run, why);
    return true;
  }
  if (run.state.kind !== 'merging' || mayBeLanding(draft, run)) return false;
  cancelWork(draft);
  endMerge(draft, run, why);
  return true;
}
