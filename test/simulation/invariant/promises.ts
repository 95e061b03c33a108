// Of what leaves the machine: nothing is acknowledged that is not kept, and no secret is in it.
import { canaries } from '../canary.ts';
import type { Book } from './book.ts';

const secrets = Object.entries(canaries);

/** Invariant 11. */
export function checkSecrets(book: Book, where: string, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const found = secrets.find(([, secret]) => text?.includes(secret));
  if (found) book.demand(false, `the secret ${found[0]} is in ${where}`);
}

/** Invariant 2: at the moment of the answer, and not only in the end. */
export function checkAcknowledged(book: Book, deliveryId: string): void {
  book.demand(book.kept.has(deliveryId), `${deliveryId} was acknowledged and not kept`);
}

/** Invariant 2: a sign on a comment says that a decision on it is saved. */
export function checkReaction(book: Book, commentId: number, content: string): void {
  const isRecorded = book
    .listRecords()
    .some(({ receipts }) => receipts.some(({ source }) => source.kind === 'comment' && source.commentId === commentId));
  book.demand(isRecorded, `comment ${commentId} was acknowledged with ${content} and is in no record`);
}
