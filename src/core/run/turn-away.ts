// Whoever may not do what they ask, or wrote it with a slip in it, is told so. Somebody who goes on is told a few times and
// gets a sign afterwards: nobody makes us write as much as they like.
import { type Draft, settleReceipt } from './draft.ts';

/** To one person, on one subject, within an hour. */
const toldAtMost = 3;
const hourMs = 3_600_000;
const last = 'What else of yours is refused here within an hour gets a reaction only.';

/** Refuses for who asks, or for how it is written: why something cannot be done as things stand is told each time. */
export function turnAway(draft: Draft, receiptId: string, reply: string | undefined): void {
  const { receipts } = draft.record;
  const receipt = receipts.find(({ id }) => id === receiptId);
  if (!receipt) return;
  const { actor } = receipt;
  const before = receipts.filter((one) => one.isTurnedAway && one.actor.id === actor.id && one.at > draft.now - hourMs);
  receipt.isTurnedAway = true;
  settleReceipt(
    draft,
    receiptId,
    'refused',
    before.length < toldAtMost ? addLast(reply, before.length + 1) : undefined,
  );
}

function addLast(reply: string | undefined, count: number): string | undefined {
  return reply !== undefined && count === toldAtMost ? `${reply} ${last}` : reply;
}
