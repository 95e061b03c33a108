// Of what somebody who may not write says, a model reads only what stood there, just like that, when somebody who may vouched.
import type { Hub, HubComment } from '../hub.ts';
import type { Book } from './book.ts';

/** What a stranger says, each of it once in a history. */
export function renderStrangerWord(count: number): string {
  return `Stranger word ${count}.`;
}

export function checkVouched(book: Book, hub: Hub, prompt: string): void {
  for (const word of new Set(prompt.match(/Stranger word \d+\./g) ?? [])) {
    const isVouched = [...hub.threads.values()].some(({ comments }) =>
      comments.some((comment) => listSpans(comment, word).some((span) => comments.some((one) => isVouch(one, span)))),
    );
    book.demand(isVouched, `a model was told "${word}", for which nobody vouched`);
    book.met.add('a model was told what somebody vouched for');
  }
}

interface Span {
  readonly from: number;
  readonly until: number;
}

/** When the comment said that, to the second. */
function listSpans({ at, body, edits }: HubComment, word: string): Span[] {
  const versions = [...edits, { body, until: Number.POSITIVE_INFINITY }];
  return versions.flatMap((version, index) =>
    version.body.includes(word) ? [{ from: toSecond(edits[index - 1]?.until ?? at), until: version.until }] : [],
  );
}

function isVouch({ author, body, at }: HubComment, { from, until }: Span): boolean {
  return author === 'maria' && body === '/pilot vouch' && toSecond(at) > from && toSecond(at) <= until;
}

function toSecond(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}
