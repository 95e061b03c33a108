// What people tell agents: each session hears it once at most, none hears what was said after its stop, whoever starts is told what
// was said before, and what the record says of it is what happened.
import type { Decision } from '../../../src/core/model/decision.ts';
import type { Instruction } from '../../../src/core/model/instruction.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { RecordId } from '../../../src/core/model/subject.ts';
import type { BeginResult } from '../../../src/engine/port/store.ts';
import type { Book } from './book.ts';

/** One session of an agent, by the folder that it works in, and everything that it was told. */
export interface ToldSession {
  readonly folder: string;
  readonly told: string[];
  /** How much of that it remembers from another holder's session. */
  readonly remembered: number;
}

/** What people say here, each of it once in a history. */
export function renderWord(count: number): string {
  return `Word ${count}.`;
}

function listWords(text: string): string[] {
  return text.match(/Word \d+\./g) ?? [];
}

function tokenOf({ folder }: ToldSession): string {
  return /token-\d+/.exec(folder)?.[0] ?? '';
}

/** To be called before the outbox of the book is changed. */
export function noteInstructions(book: Book, id: RecordId, decision: Decision<unknown>, after: Run | undefined): void {
  const { outbox } = book.at(id);
  book.saves += 1;
  for (const change of decision.outbox) {
    const token = change.kind === 'cancel' ? outbox.get(change.id)?.token : undefined;
    if (token !== undefined && !book.stopped.has(token)) book.stopped.set(token, book.saves);
  }
  for (const { id: name, text, heard, unheard } of after?.instructions ?? []) {
    for (const word of listWords(text)) if (!book.said.has(word)) book.said.set(word, book.saves);
    book.demand(heard.length === 0 || unheard === undefined, `${name} was heard, and is told as heard by nobody`);
    for (const { task, attempt } of heard) {
      const isTold = book.fates.sessions.some(
        ({ folder, told }) => folder.includes(`-attempt-${task}-${attempt}-`) && told.join(' ').includes(text),
      );
      book.demand(isTold, `${name} is told as heard by attempt ${attempt} of ${task}, which was never told`);
    }
    if (unheard) book.met.add('nobody heard what somebody said');
    if (heard.some(({ isLive }) => isLive)) book.met.add('an agent was told something while it worked');
    if (heard.some(({ isLive }) => !isLive)) book.met.add('an agent was told something when it started');
  }
}

/** After every step: what was told in it. */
export function checkInstructed(book: Book): void {
  for (const session of book.fates.sessions) {
    const { told, remembered } = session;
    const seen = book.checked.get(session) ?? 0;
    if (seen === told.length || told.length === remembered) continue;
    book.checked.set(session, told.length);
    const words = told.flatMap(listWords);
    book.demand(new Set(words).size === words.length, `${session.folder} was told something twice: ${words}`);
    const stoppedAt = book.stopped.get(tokenOf(session)) ?? Number.POSITIVE_INFINITY;
    for (const word of told.slice(Math.max(seen, remembered)).flatMap(listWords))
      book.demand((book.said.get(word) ?? 0) < stoppedAt, `${session.folder} was told ${word} after its stop`);
    if (seen > 0) continue;
    for (const { id, text } of findBegun(book, session))
      book.demand(words.includes(text), `${session.folder} starts, and was not told ${id}`);
  }
}

function findBegun(book: Book, session: ToldSession): readonly Instruction[] {
  return book.begunWith.get(tokenOf(session)) ?? [];
}

/** What is in force for a task when its attempt is begun is told to whoever works on it. */
export function noteBegun(
  book: Book,
  run: Run | undefined,
  { token, entry }: Extract<BeginResult, { kind: 'begun' }>,
): void {
  const { action } = entry;
  if (action.kind !== 'attempt' || run?.id !== action.runId) return;
  const inForce = (run.instructions ?? []).filter(
    ({ task, unheard }) => !unheard && (task === undefined || task === action.task),
  );
  book.begunWith.set(token, inForce);
}
