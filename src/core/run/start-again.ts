import { type PullRequest, type Run, toPhase } from '../model/run.ts';
import { adoptHead, isHeadKnown, toBranchHead } from './branch.ts';
import { askForSeat } from './census.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';
import { applyGoing, type Going, isGoingNowhere, toNextState } from './go-on.ts';
import { listSpentLimits } from './spent-limits.ts';
import { forgetTroubles } from './trouble.ts';

interface Start {
  readonly receiptId: string;
  readonly login: string;
  readonly going: Going;
  /** What is told when it starts. */
  readonly sentence: string;
  /** What is told when there is nothing to start. */
  readonly otherwise: string;
}

/** A run that rests works again from what is stored, or the command is told what is in the way. */
export function startAgain(draft: Draft, run: Run, { receiptId, login, going, sentence, otherwise }: Start): void {
  if (run.pullRequest?.state === 'merged') return readMerge(draft, run, receiptId);
  const isPlanned = run.plan !== undefined;
  const isBuilding = !isPlanned || going.ahead.length > 0;
  const obstacle =
    (isPlanned && isGoingNowhere(run, going) ? otherwise : undefined) ??
    findObstacle(run, going, isBuilding) ??
    findOutdated(run, draft.record.pull) ??
    askForSeat(draft, run.policy.maxRuns);
  if (obstacle !== undefined) return settleReceipt(draft, receiptId, 'refused', obstacle);
  note(draft, 'again', `@${login}: ${sentence}`);
  settleReceipt(draft, receiptId, 'started', sentence);
  forgetTroubles(run);
  delete run.mergeRefusal;
  if (isPlanned) applyGoing(run, going, `@${login}`);
  // What is built now is built on what people see.
  if (isBuilding) delete run.broughtIn;
  const { pullRequest } = run;
  // What people pushed and what was verified since is the new base of what remains.
  if (isBuilding && pullRequest && pullRequest.head !== toBranchHead(run)) adoptHead(run, pullRequest.head);
  enter(draft, run, { ...(isPlanned ? toNextState(going) : { kind: 'planning' }), since: draft.now });
}

/** It has landed, and nobody could read what did: that is all that is left to do. */
function readMerge(draft: Draft, run: Run, receiptId: string): void {
  if (toPhase(run.state) !== 'resting') return settleReceipt(draft, receiptId, 'refused', `Run ${run.id} is at work.`);
  settleReceipt(
    draft,
    receiptId,
    'started',
    `Pull request #${run.pullRequest?.number} is merged: what landed is read.`,
  );
  forgetTroubles(run);
  enter(draft, run, { kind: 'merging', since: draft.now, by: { kind: 'person' } });
}

/** What it was to look at is over, or is something else by now; another look is another run. */
function findOutdated({ reads, policy }: Run, pull: PullRequest | undefined): string | undefined {
  if (!reads?.pull || pull?.number !== reads.pull.number) return undefined;
  if (pull.state !== 'open')
    return `Pull request #${pull.number} is ${pull.state}: there is nothing to look at any more.`;
  if (pull.head === reads.head) return undefined;
  return `Pull request #${pull.number} is at \`${pull.head}\` by now: \`/${policy.slash} run\` with the same workflow looks at that.`;
}

/** Why a run that rests may not work again as it is. */
function findObstacle(run: Run, going: Going, isBuilding: boolean): string | undefined {
  const { slash } = run.policy;
  if (toPhase(run.state) !== 'resting') return `Run ${run.id} is at work.`;
  if (run.pullRequest?.state === 'closed')
    return `Pull request #${run.pullRequest.number} is closed: reopen it first, or \`/${slash} run\` starts anew.`;
  // Without new work that head is what is verified next.
  if (isBuilding && !isHeadKnown(run)) {
    return `Somebody pushed \`${run.pullRequest?.head}\`, which is not verified yet: press "Recheck" on the check first.`;
  }
  const [limit] = listSpentLimits(run, going);
  return limit && `The limit \`${limit}\` of run ${run.id} is reached; \`/${slash} continue\` raises it.`;
}
