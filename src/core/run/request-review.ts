// `/pilot review`: what a run offers is reviewed once more, as deep as its risk asks for or in full; anything else is looked at by
// a run that only reads.

import { isPassable } from '../gate/is-passable.ts';
import type { Actor } from '../model/actor.ts';
import { type Run, toPhase } from '../model/run.ts';
import { wayOn } from '../reply/way-on.ts';
import { reviewWorkflow } from '../review/to-pull-review.ts';
import { shareOf } from './budget.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';
import { forgetAnswers } from './keep-answers.ts';
import { readSlash } from './read-run-policy.ts';
import { requestRun } from './request-run.ts';

interface Asked {
  readonly receiptId: string;
  readonly actor: Actor;
  readonly isFull: boolean;
  readonly focus: string | undefined;
}

export function requestReview(draft: Draft, { receiptId, actor, isFull, focus = '' }: Asked): void {
  const { run } = draft.record;
  const over = renderOver(draft, receiptId);
  if (over !== undefined) return settleReceipt(draft, receiptId, 'refused', over);
  const isOffering = run !== undefined && toPhase(run.state) !== 'final' && run.pullRequest !== undefined;
  if (!isOffering && isFull && !draft.record.isPullRequest)
    return settleReceipt(draft, receiptId, 'refused', renderNoFull(readSlash(draft)));
  if (!isOffering) return requestRun(draft, { receiptId, actor, text: focus, workflow: reviewWorkflow, isFull });
  const obstacle = findObstacle(run, focus);
  if (obstacle !== undefined) return settleReceipt(draft, receiptId, 'refused', obstacle);
  note(draft, 'review_asked', `@${actor.login} asked for ${isFull ? 'a full' : 'another'} review`);
  settleReceipt(draft, receiptId, 'done', `What would be merged is reviewed ${isFull ? 'in full' : 'once more'}.`);
  const change = run.verification?.change;
  if (isFull && change !== undefined) run.fullReviewOf = change;
  else delete run.fullReviewOf;
  if (run.review) run.review.isOver = true;
  forgetAnswers(run);
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'judging' });
}

/** It was said on a pull request whose run is over: nobody wants what else its issue is about looked at in its place. */
function renderOver({ record }: Draft, receiptId: string): string | undefined {
  const source = record.receipts.find(({ id }) => id === receiptId)?.source;
  const thread = source && 'thread' in source ? source.thread : record.number;
  const run = record.run?.pullRequest?.number === thread ? record.run : undefined;
  if (thread === record.number || (run && toPhase(run.state) !== 'final')) return undefined;
  return run?.state.kind === 'merged'
    ? `Pull request #${thread} is merged: there is nothing to look at any more.`
    : `#${thread} is of a run that is over. ${wayOn}`;
}

function renderNoFull(slash: string): string {
  return `\`full\` is about what would be merged, and nothing here would: \`/${slash} review\` has the default branch looked at.`;
}

function findObstacle(run: Run, focus: string): string | undefined {
  const { slash } = run.policy;
  if (run.state.kind !== 'ready')
    return `Run ${run.id} offers nothing at the moment: what it makes is reviewed without being asked for.`;
  if (!run.policy.review)
    return `The settings want no review of what runs make; \`/${slash} run --workflow ${reviewWorkflow}\` elsewhere looks at anything.`;
  if (!isPassable(run)) return 'What is red is not reviewed: mend it first, and press "Recheck" on the check.';
  if (!shareOf(run, 1))
    return `What run ${run.id} may cost leaves nothing for a review; \`/${slash} budget <amount>\` sets that.`;
  if (focus !== '')
    return `A focus is for what no run made. \`/${slash} review full\` has everything looked at that a run offers.`;
  return undefined;
}
