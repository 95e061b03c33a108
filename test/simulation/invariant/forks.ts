// Of what somebody who may not write pushed to a fork, nothing gets to where it could be executed before it was merged, or
// somebody who may vouched for exactly that commit.
import type { Book } from './book.ts';

export const forkPath = 'eve.md';

/** Each commit of a fork has its own. */
export function renderForkWork(count: number): string {
  return `Of a fork, ${count}.`;
}

export function checkForked(book: Book, commit: string): void {
  const work = readWork(book, commit);
  if (work === undefined) return;
  const isLanded = book.hub.deeds.some((deed) => deed.kind === 'merged' && readWork(book, deed.head) === work);
  const isVouched = [...book.vouchedHeads].some((head) => readWork(book, head) === work);
  book.demand(
    isLanded || isVouched,
    `${commit.slice(0, 8)} could be executed, with "${work}", for which nobody vouched`,
  );
  if (!isLanded) book.met.add('what somebody vouched for in a fork was executed');
}

function readWork({ hub }: Book, commit: string): string | undefined {
  return hub.objects.find(commit)?.tree.get(forkPath);
}
