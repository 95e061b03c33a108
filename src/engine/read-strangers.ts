// What people without write permission wrote on a thread, and when: what somebody may vouch for.
import { isAtLeast } from '../core/model/actor.ts';
import type { Snapshot } from '../core/model/snapshot.ts';
import type { Repository } from '../core/model/subject.ts';
import type { GitHubReader, Thread } from './port/github.ts';

export interface WrittenText {
  /** `thread`, or the id of a comment. */
  readonly id: string;
  readonly title?: string;
  readonly author: string;
  readonly text: string;
}

export interface Hasher {
  readonly hash: (text: string) => string;
}

/** What people wrote: not what we did, nor other bots. */
export function listWritten(thread: Thread): WrittenText[] {
  const { title, author, body } = thread;
  const spoken = thread.comments.filter((comment) => !comment.isOurs && !comment.isBot);
  return [
    ...(thread.isOurs ? [] : [{ id: 'thread', title, author, text: body }]),
    ...spoken.map((comment) => ({ id: String(comment.id), author: comment.author, text: comment.body })),
  ];
}

/** Of exactly what is there, also of what nobody sees. */
export function hashText({ hash }: Hasher, { title, text }: WrittenText): string {
  return hash(JSON.stringify([title ?? '', text]));
}

/** A thread may have hundreds of authors, and a decision waits for them. */
const askedAtOnce = 10;

export async function readWriters(
  github: GitHubReader,
  repository: Repository,
  texts: readonly WrittenText[],
): Promise<ReadonlySet<string>> {
  const authors = [...new Set(texts.map((entry) => entry.author))];
  const writers = new Set<string>();
  for (let at = 0; at < authors.length; at += askedAtOnce) {
    const some = authors.slice(at, at + askedAtOnce);
    const permissions = await Promise.all(some.map((author) => github.readPermission(repository, author)));
    for (const [index, author] of some.entries())
      if (isAtLeast(permissions[index] ?? 'unknown', 'write')) writers.add(author);
  }
  return writers;
}

export async function readStrangers(
  { github, hash }: { readonly github: GitHubReader } & Hasher,
  repository: Repository,
  number: number,
): Promise<NonNullable<Snapshot['facts']['strangers']>> {
  const thread = await github.readThread(repository, number);
  // After the text: an edit in between then makes it younger, never older.
  const edits = await github.readEdits(repository, number);
  const written = listWritten(thread);
  const writers = await readWriters(github, repository, written);
  const editedAt = new Map(thread.comments.map((comment) => [String(comment.id), comment.editedAt]));
  const texts = written
    .filter(({ author }) => !writers.has(author))
    .map((entry) => ({
      id: entry.id,
      author: entry.author,
      hash: hashText({ hash }, entry),
      chars: (entry.title ?? '').length + entry.text.length,
      editedAt: editedAt.get(entry.id) ?? edits.editedAt,
    }));
  return { texts, labelled: edits.labelled };
}
