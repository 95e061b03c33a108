// Of plans that wait for an approval: who gave it, and for which text.
import type { Action } from '../../../src/core/model/action.ts';
import type { SubjectRecord } from '../../../src/core/model/record.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { hashText } from '../objects.ts';
import type { Book } from './book.ts';

/** An edit and the look at it may cross within so much. */
const crossingMs = 10_000;

/** Nothing of a plan begins that nobody approved, where that was asked for. */
export function checkApproved(book: Book, { number, run }: SubjectRecord, action: Action): void {
  if (action.kind !== 'attempt' || run?.id !== action.runId || !isAsked(book, run)) return;
  book.demand(run.approval?.plan === run.plan?.hash, `${action.id} began and its plan was not approved`);
  const words = book.hub.thread(number).comments.filter(({ body }) => body.startsWith('/pilot approve'));
  const isSaid = words.some(({ author, at }) => author === 'maria' && at >= run.startedAt - crossingMs);
  book.demand(isSaid, `${action.id} began and nobody who may said "approve"`);
}

/** A policy asks for it because of what is written. */
function isAsked({ isApprovalRequired }: Book, { needsApproval = false, reads }: Run): boolean {
  return needsApproval || (isApprovalRequired && !reads);
}

/** The plan that is approved was made from what the issue says at that moment. */
export function checkApproval(book: Book, { number, run }: SubjectRecord, before: Run | undefined): void {
  if (!run?.approval || !run.plan || before?.approval?.at === run.approval.at) return;
  book.met.add('approved');
  // Whoever hangs between his look and his save sees an older text.
  if (book.isDisturbed) return;
  const { title, body, edits, author } = book.hub.thread(number);
  const late = edits.filter(({ at }) => at > book.now() - crossingMs).map((edit) => edit.body);
  // What we opened ourselves says nothing of its own that an edit could change.
  const isOurs = author === 'gatepilot[bot]';
  const read = [body, ...late].map((text) => hashText(JSON.stringify(isOurs ? [] : [[title, text]])));
  book.demand(
    read.includes(run.plan.fingerprint ?? ''),
    `a plan of #${number} was approved that was made from another text`,
  );
}
