// `/pilot rebase`: brings the base branch as it is now into the branch of the run, by one merge commit that is verified
// before it is pushed. Nothing is rewritten. Where it conflicts an agent settles it, once; where that fails nothing is changed.
import { isDecidable } from '../conflict/is-decided.ts';
import { listUndelivered, type Run, toPhase } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { renderConflictList } from '../reply/render-conflicts.ts';
import { adoptHead, isHeadKnown, toBranchHead } from './branch.ts';
import { cancelWork, type Draft, enter, note, settleReceipt } from './draft.ts';
import { forgetTroubles } from './trouble.ts';

export function requestRebase(draft: Draft, receiptId: string, login: string): void {
  const { run } = draft.record;
  const pull = run?.pullRequest;
  if (!run || !pull) {
    const reply =
      renderArchived(draft.record) ?? 'No run made a pull request here: there is no branch to bring anything into.';
    return settleReceipt(draft, receiptId, 'refused', reply);
  }
  const obstacle = findObstacle(run, pull);
  if (obstacle !== undefined) return settleReceipt(draft, receiptId, 'refused', obstacle);
  note(draft, 'rebase', `@${login} asked to bring ${run.base.branch} into ${pull.head.slice(0, 10)}`);
  settleReceipt(draft, receiptId, 'started');
  cancelWork(draft);
  forgetTroubles(run);
  delete run.mergeRefusal;
  delete run.broughtIn;
  // What people said of it before is not what is asked for now.
  if (run.conflicts) run.conflicts.found = run.conflicts.found.map(({ answer: _, ...one }) => one);
  // What people pushed and what was verified since is what it is brought into.
  if (pull.head !== toBranchHead(run)) adoptHead(run, pull.head);
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying', bringsIn: true });
}

/** Why nothing can be brought into its branch. */
export function findObstacle(
  run: Run,
  { number, state, baseBranch, head }: NonNullable<Run['pullRequest']>,
): string | undefined {
  const { slash } = run.policy;
  if (state !== 'open') return `Pull request #${number} is ${state}: nothing is brought into it any more.`;
  // A verdict that follows its base gives way: it would be made anew on the result.
  const isFollowing = run.state.kind === 'reviewing' && run.state.follows === true && run.state.phase === 'verifying';
  if (toPhase(run.state) !== 'resting' && !isFollowing)
    return `Run ${run.id} has not come to its end; ask again then. What it delivers is verified on the newest base anyway.`;
  if (baseBranch !== run.base.branch)
    return `Pull request #${number} goes into ${quoteCode(baseBranch)} now, and run ${run.id} was made for ${quoteCode(run.base.branch)}.`;
  if (!isHeadKnown(run))
    return `Somebody pushed \`${head}\`, which is not verified yet: press "Recheck" on the check first.`;
  if (listUndelivered(run).length > 0)
    return `Not all that run ${run.id} has merged is delivered yet: \`/${slash} resume\` goes on with that first.`;
  return undefined;
}

/** It cannot be done as it was asked for: whoever asked is told at once. */
export function refuseRebase(draft: Draft, reply: string): void {
  for (const { id, command, state } of draft.record.receipts)
    if (['rebase', 'resolve'].includes(command) && state.kind === 'started') settleReceipt(draft, id, 'refused', reply);
}

interface Told {
  readonly head: string;
  readonly base: string;
  readonly paths: readonly string[];
  /** Why no agent settled it. */
  readonly why?: string | undefined;
}

export function renderRebaseConflict(run: Run, { head, base, paths, why }: Told): string {
  const { conflicts, policy } = run;
  const files = paths
    .slice(0, 10)
    .map((path) => quoteCode(path))
    .join(', ');
  const branch = quoteCode(run.pullRequest?.branch ?? '');
  const because = why === undefined ? '' : ` (${why})`;
  const decide =
    conflicts && isDecidable(conflicts)
      ? ` Or decide with \`/${policy.slash} resolve\`: ${renderConflictList(conflicts)}.`
      : '';
  return `Head \`${head}\` conflicts with ${quoteCode(run.base.branch)} at \`${base}\` in ${files}; nothing was changed${because}. Merge that commit by hand and push to ${branch}: what is pushed there is verified.${decide}`;
}

export function renderRebaseRed(run: Run, { from, base }: { readonly from: string; readonly base: string }): string {
  const branch = quoteCode(run.pullRequest?.branch ?? '');
  return `Head \`${from}\` together with ${quoteCode(run.base.branch)} at \`${base}\` is red, so that it was not pushed. Mend it on ${branch}: what is pushed there is verified.`;
}
