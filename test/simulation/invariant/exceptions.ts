// Of what people let pass: only those who may, for a head and a base that were judged, and for no other.
import type { SubjectRecord } from '../../../src/core/model/record.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { findMergedTree, toTreeId } from '../merged-tree.ts';
import { readCommands } from '../settings.ts';
import { toPass } from '../simulated-work.ts';
import type { Book } from './book.ts';

/** Nobody else may: whoever started runs has no permission to maintain. */
const maintainer = 'max';

/** Each exception is one that somebody wrote in this thread who may, and is known from then on. */
export function noteExceptions(book: Book, { number, run }: SubjectRecord): void {
  if (!run) return;
  for (const { gate, key, by } of run.overrides ?? []) {
    const entry = toLifted(gate, key.head, key.base);
    if (book.lifted.has(entry)) continue;
    const isSaid = isSaidBy(book, run, number, { by: maintainer, words: `/pilot override ${gate} ${key.head} ` });
    book.demand(isSaid && by.login === maintainer, `${gate} of #${number} is overridden, and nobody who may said so`);
    book.lifted.set(entry, { gate, head: key.head, base: key.base });
    book.met.add(`${gate} was overridden`);
  }
  for (const { finding, head, by } of run.dismissals ?? []) {
    const name = toDismissed(number, run, finding.id);
    if (book.dismissed.has(name)) continue;
    const mayBe = ['max', 'maria'].includes(by.login);
    const isSaid = isSaidBy(book, run, number, { by: by.login, words: `/pilot dismiss ${finding.id} ` });
    book.demand(mayBe && isSaid, `${finding.id} of #${number} is dismissed, and nobody who may said so`);
    book.dismissed.set(name, { text: readText(book, head, finding.path), by: by.login });
    book.met.add('a finding was dismissed');
  }
  for (const name of book.dismissed.keys()) {
    const isKept = (run.dismissals ?? []).some(({ finding }) => toDismissed(number, run, finding.id) === name);
    if (name.startsWith(toDismissed(number, run, '')) && !isKept) book.dismissed.delete(name);
  }
}

function isSaidBy({ hub }: Book, run: Run, number: number, { by, words }: { by: string; words: string }): boolean {
  const threads = [number, run.pullRequest?.number].flatMap((one) => (one === undefined ? [] : hub.threads.get(one)));
  return threads.some((thread) => thread?.comments.some(({ author, body }) => author === by && body.startsWith(words)));
}

/** A red head that somebody let pass on that base, once every command of its settings had come to its end on what a merge gives. */
export function isLetPass(book: Book, { head, base }: { readonly head: string; readonly base: string }): boolean {
  if (!book.lifted.has(toLifted('verification', head, base))) return false;
  const tree = findMergedTree(book.hub.objects, base, head);
  if (tree === undefined) return false;
  const treeId = toTreeId(tree);
  return readCommands(tree).every((command) => book.fates.judged.has(toPass(treeId, command)));
}

/** What the queue makes is let pass where it is just what merging such a head on its base gives. */
export function isTreeLetPass(book: Book, treeId: string): boolean {
  return [...book.lifted.values()].some(({ gate, head, base }) => {
    const tree = gate === 'verification' ? findMergedTree(book.hub.objects, base, head) : undefined;
    return tree !== undefined && toTreeId(tree) === treeId && isLetPass(book, { head, base });
  });
}

/** What was confirmed and nobody who may has let pass, or not of these lines. */
export function listConfirmed(book: Book, number: number, run: Run): string[] {
  const key = run.verification?.key;
  if (run.review?.result.kind !== 'judged' || !key) return [];
  if (book.lifted.has(toLifted('review', key.head, key.base))) return [];
  return run.review.result.findings.flatMap(({ status, severity, id, path }) => {
    if (status !== 'confirmed' || severity !== 'major') return [];
    const dismissed = book.dismissed.get(toDismissed(number, run, id));
    const isOfThese = dismissed?.text === readText(book, key.head, path) && dismissed?.by !== run.startedBy.login;
    return dismissed && isOfThese ? [] : [`${id}`];
  });
}

export function toLifted(gate: string, head: string, base: string): string {
  return `${gate} ${head} ${base}`;
}

function toDismissed(number: number, run: Run, id: string | undefined): string {
  return `#${number} ${run.id} ${id}`;
}

function readText({ hub }: Book, head: string, path: string): string | undefined {
  return hub.objects.find(head)?.tree.get(path);
}
