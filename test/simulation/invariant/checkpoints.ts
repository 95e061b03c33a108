// From where attempts are gone on with: only from what was kept of the very same attempt while its agent rested, and never from what
// somebody was stopped in. Where nothing was disturbed, nothing is left of one when all is at rest.
import type { Run } from '../../../src/core/model/run.ts';
import type { Book } from './book.ts';

/** `r1-attempt-one-2` of `r1-attempt-one-2-5-token-7/workspace`: one that is handed over goes on under another number of the action. */
function attemptOf(folder: string): string {
  return /^(.*-attempt-.*-\d+)-\d+-token/.exec(folder)?.[1] ?? folder;
}

function tokenOf(folder: string): string {
  return /token-\d+/.exec(folder)?.[0] ?? '';
}

/** What the record speaks of after a save. */
export function checkCheckpoints(book: Book, run: Run | undefined): void {
  for (const { key, attempts } of run?.tasks ?? [])
    for (const { number, checkpoint, takeovers = [], endedAt } of attempts) {
      for (const { kind } of takeovers)
        book.met.add(kind === 'resumed' ? 'an attempt was gone on with' : 'an attempt was begun anew');
      if (!checkpoint) continue;
      const kept = book.fates.checkpoints.known.get(checkpoint.id);
      const own = `${run?.id}-attempt-${key}-${number}`;
      book.demand(kept !== undefined && attemptOf(kept.folder) === own, `${own} would go on from ${kept?.folder}`);
      book.demand(!kept?.isTorn, `${own} would go on from what its agent changed meanwhile`);
      book.demand(endedAt === undefined, `${own} is over, and can be gone on with`);
    }
}

/** After every step: what was restored in it. */
export function checkRestored(book: Book): void {
  for (const { id, folder } of book.fates.checkpoints.restored.splice(0)) {
    const kept = book.fates.checkpoints.known.get(id);
    const from = kept?.folder ?? '';
    book.demand(attemptOf(from) === attemptOf(folder), `${folder} goes on from ${from}`);
    book.demand(!book.stopped.has(tokenOf(from)), `${folder} goes on from ${from}, which was stopped`);
    book.met.add('a checkpoint was restored');
  }
}

/** At rest. */
export function listLeft(book: Book): string[] {
  if (!book.isCalm) return [];
  return [...book.fates.checkpoints.there.keys()].map((place) => `the checkpoint ${place} is left`);
}
