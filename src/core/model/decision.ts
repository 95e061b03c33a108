import type { Action } from './action.ts';
import type { SubjectRecord } from './record.ts';

/** One line of the subject's log: what was decided and why. */
export interface LogEntry {
  readonly kind: string;
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** How a request of the API ended, as its caller is told. */
export interface ApiAnswer {
  readonly outcome: 'done' | 'started' | 'refused';
  readonly text: string;
}

/** What becomes of the outbox. Cancelling a begun entry asks its holder to end; the entry stays until its result. */
export type OutboxChange =
  | { readonly kind: 'add'; readonly action: Action; readonly notBefore?: number }
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'remove'; readonly id: string }
  /** The holder is dead: hand the action out again under the next dispatch number. */
  | { readonly kind: 'redispatch'; readonly id: string; readonly dispatch: number; readonly isSettling: boolean };

/** A name under which a run at work is counted, with everybody else who is counted under it. */
export interface Seat {
  readonly name: string;
  /** The save is refused when so many others are counted already; without it, it is counted whatever there is. */
  readonly limit?: number;
}

/** What is committed of a pot: spent, or reserved. `open` is how much of that is reserved and not settled. */
export interface PotState {
  readonly committed: number;
  readonly open: number;
}

/** A part of a pot, which is something that many records spend. An id that is reserved already keeps its part. */
export interface Reservation {
  readonly pot: string;
  readonly id: string;
  readonly amount: number;
  /** The save is refused when more than this would be committed. */
  readonly cap: number;
  /** The pot is remembered for this long at least; without it, for as long as a day needs. */
  readonly keepMs?: number;
}

/** What was really spent of a reservation; the first settlement counts. */
export type Settlement = Omit<Reservation, 'cap' | 'keepMs'>;

/** Next record, what to do and why: saved as one before anything of it acts. */
export interface Decision<R = SubjectRecord> {
  readonly record: R;
  /** The events that this decision took, with their place in the inbox. */
  readonly handled: readonly { readonly entryId: string; readonly eventId: string }[];
  readonly log: readonly LogEntry[];
  readonly outbox: readonly OutboxChange[];
  /** Threads that from now on are this subject. */
  readonly aliases: readonly number[];
  /** Answers to requests of the API that this decision took, by idempotency key: kept with their effect. */
  readonly answers?: readonly { readonly key: string; readonly answer: ApiAnswer }[];
  /** Under which names the record is counted from now on, and under no other. */
  readonly census?: readonly Seat[];
  /** Parts of pots that are settled, and then those that are asked for: all of them or none of the decision. */
  readonly settlements?: readonly Settlement[];
  readonly reservations?: readonly Reservation[];
  /** It told something to whoever is at work for the record: they look for it. */
  readonly tells?: true;
  /** After this save the log begins with this sequence number; what came before is in an archive. */
  readonly trimLogBefore?: number;
  /** Earliest moment at which looking again makes sense without a new event. */
  readonly wakeAt?: number;
}
