import { nameLabel } from '../command/own-label.ts';
import type { Run } from '../model/run.ts';
import { quoteCode, quoteInline, quoteName } from '../reply/quote-inline.ts';
import { listBlocking, listForPeople } from '../review/list-blocking.ts';
import { findReview } from '../review/review-need.ts';
import { isPassable } from './is-passable.ts';
import { closed, open, type Verdict, waiting } from './verdict.ts';

const gate = 'review';

/** What is long, or no text. */
export const shownInPart = 'They were shown a part of the change as text, and could look at the rest.';

/** Whether exactly what would be merged was reviewed, and nothing that was confirmed stands against it. */
export function evaluateReview(run: Run): Verdict {
  // What is not verified, or is red, is not reviewed: the other parts say so.
  if (!isPassable(run)) return waiting(gate, 'Nothing is reviewed before it is verified.');
  const review = findReview(run);
  if (!review && run.leftAloneBy !== undefined)
    return closed(
      gate,
      'action_required',
      `What would be merged is not reviewed, since ${quoteName(run.leftAloneBy)} wants nothing to start here: \`/${run.policy.slash} unignore\`, or taking ${quoteCode(nameLabel(run.policy.labelPrefix, 'never'))} off, has it reviewed.`,
    );
  if (!review) return waiting(gate, 'What would be merged was not reviewed yet.');
  if (review.result.kind === 'missing')
    return closed(gate, 'timed_out', `The review did not happen: ${quoteInline(review.result.why)}`);
  const blocking = listBlocking(run);
  const [first] = blocking;
  if (first)
    return closed(
      gate,
      'failure',
      `${tellCount(blocking.length)}: ${quoteInline(first.what)} (${quoteCode(first.path)})`,
    );
  const [asked] = listForPeople(run);
  if (asked) return closed(gate, 'action_required', `A reviewer wants a person to decide: ${quoteInline(asked.what)}`);
  const { reviewers } = review.plan;
  const who = reviewers.length === 1 ? 'One reviewer' : `${reviewers.length} reviewers`;
  const part = review.isPartial ? ` ${shownInPart}` : '';
  return open(gate, `${who} found nothing that blocks.${renderDismissed(run)}${part}`);
}

/** Whoever reads that nothing blocks is told what somebody took on. */
function renderDismissed({ dismissals = [] }: Run): string {
  const given = dismissals.map(({ finding, by }) => `${quoteCode(finding.id ?? '')} by ${quoteName(by.login)}`);
  return given.length === 0 ? '' : ` Dismissed: ${given.join(', ')}.`;
}

function tellCount(count: number): string {
  return count === 1 ? 'A reviewer found what was confirmed' : `Reviewers found ${count} things that were confirmed`;
}
