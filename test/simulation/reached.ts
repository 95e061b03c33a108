// What a history got to: a search that gets nowhere would hold everything.
import type { Book } from './invariant/book.ts';

/** Names of what was met, each once, except for the ends of runs. */
export function listReached(book: Book, redelivered: number): string[] {
  const ends = book.listRecords().flatMap(({ run }) => (run ? [run.state.kind] : []));
  const met = [...book.met];
  return redelivered > 0 ? [...ends, ...met, 'redelivered'] : [...ends, ...met];
}
