import type { Action } from '../model/action.ts';
import type { BranchOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { renderRunBranch } from '../model/subject.ts';
import { isReviewWanted } from '../review/review-need.ts';
import { markDelivered, toBranchHead } from './branch.ts';
import { cancelWork, type Draft, enter, note } from './draft.ts';
import { withReadiness } from './settle-readiness.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takeBranch(draft: Draft, run: Run, action: Action, outcome: BranchOutcome): void {
  if (action.kind !== 'publish_branch') return;
  if (outcome.kind !== 'published') return takeUnpublished(draft, run, action.head, outcome);
  clearTrouble(run, 'publish');
  const { number, head, state, isDraft = false, hasNoDrafts } = outcome;
  // From now on everything about this pull request belongs to this subject, a stop that crossed included.
  draft.aliases.push(number);
  // What a webhook told of it meanwhile is newer than what we read when we made it.
  run.pullRequest ??= {
    number,
    head,
    state,
    branch: renderRunBranch(draft.record.number, run.id),
    baseBranch: run.base.branch,
    ...(isDraft ? { isDraft } : {}),
    ...withReadiness(run, isDraft),
  };
  if (hasNoDrafts && run.pullRequest.ready) run.pullRequest.ready = { kind: 'done', hasNoDrafts };
  // Unless somebody pushed over it meanwhile, this is what people see now.
  if (run.pullRequest.head === toBranchHead(run)) run.pullRequest.head = head;
  // Whoever only reads for a dead publisher may find an older head, or one that somebody pushed: neither delivers anything.
  if (head === action.head) markPushed(run, head);
  draft.urgency = 'now';
  note(draft, 'published', `pull request #${number} at ${head.slice(0, 10)}`, { number });
  if (run.state.kind !== 'reviewing') return;
  if (run.pullRequest.state === 'merged') {
    cancelWork(draft);
    return enter(draft, run, { kind: 'merging', since: draft.now, by: { kind: 'person' } });
  }
  if (run.pullRequest.state === 'closed') {
    cancelWork(draft);
    return enter(draft, run, { kind: 'closed', since: draft.now, by: 'somebody' });
  }
  const isNewest = run.pullRequest.head === run.verification?.key.head;
  if (!isNewest) return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
  // Where a branch is pushed before it is reviewed.
  if (isReviewWanted(run)) return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'judging' });
  enter(draft, run, { kind: 'ready', since: draft.now });
}

type Unpublished = Exclude<BranchOutcome, { kind: 'published' }>;

/** What was pushed before something else failed is what the next push finds there. */
function takeUnpublished(draft: Draft, run: Run, head: string, outcome: Unpublished): void {
  if (outcome.isPushed) {
    if (run.pullRequest && run.pullRequest.head === toBranchHead(run)) run.pullRequest.head = head;
    markPushed(run, head);
  }
  if (outcome.kind === 'failed' && run.state.kind === 'reviewing') recordTrouble(draft, run, 'publish', outcome.cause);
}

function markPushed(run: Run, head: string): void {
  if (!run.pushed.includes(head)) run.pushed.push(head);
  markDelivered(run, head);
}
