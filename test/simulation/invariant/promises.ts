// Of what leaves the machine: nothing is acknowledged that is not kept, and no secret is in it.
import { type CommentName, toCommentKey } from '../../../src/core/model/comment-place.ts';
import type { Receipt, SubjectRecord } from '../../../src/core/model/record.ts';
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
export function checkReaction(book: Book, comment: CommentName, content: string): void {
  const key = toCommentKey(comment);
  const isRecorded = book
    .listRecords()
    .some(({ receipts }) => receipts.some(({ source }) => source.kind === 'comment' && toCommentKey(source) === key));
  book.demand(isRecorded, `${key} was acknowledged with ${content} and is in no record`);
}

/** Invariant 2: what a comment is about, by its marker, is in a record that is saved. */
export function checkTold(book: Book, body: string): void {
  const [, kind, id] = /^<!-- gatepilot:(\w+):(\S+) -->/.exec(body) ?? [];
  const isRecorded = book.listRecords().some((record) => {
    switch (kind) {
      case 'sticky':
        return listRuns(record).includes(id ?? '');
      case 'question':
        return record.run?.questions?.some((question) => question.id === id) === true;
      default:
        return record.receipts.some((receipt) => namesOf(receipt).includes(id ?? ''));
    }
  });
  book.demand(isRecorded, `the ${kind} comment ${id} was written and is of nothing that is saved`);
}

/** Invariant 2: the run or the pull request that a check is about, by its external id, is in a record that is saved. */
export function checkJudged(book: Book, externalId: string): void {
  const [number, id = '', head] = externalId.split(':');
  const isOfGroup = number === 'group' && [...book.records.values()].some(({ group }) => group?.head === id);
  const isObserved = ({ pull }: SubjectRecord) => `${pull?.number}` === id && pull?.head === head;
  const isRecorded =
    isOfGroup ||
    book.listRecords().some((record) => {
      if (number === 'observed') return isObserved(record);
      if (id !== 'over') return isOf(record, Number(number), id);
      return record.number === Number(number) && record.outlived?.some((pull) => pull.head === head) === true;
    });
  book.demand(isRecorded, `a check of ${externalId} was made and is of nothing that is saved`);
}

/** By what an answer may be named. */
function namesOf({ id, source }: Receipt): string[] {
  if (source.kind === 'comment') return [`${source.place === undefined ? '' : `${source.place}-`}${source.commentId}`];
  return source.kind === 'schedule' ? [`schedule-${source.name}`] : [id.replace(/[^\w-]/g, '-')];
}

function isOf(record: SubjectRecord, number: number, id: string): boolean {
  return record.number === number && listRuns(record).includes(id);
}

function listRuns({ run, ended = [], archived = [] }: SubjectRecord): string[] {
  return [...(run ? [run.id] : []), ...ended.map((one) => one.run.id), ...archived.map((one) => one.id)];
}
