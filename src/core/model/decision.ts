import type { Action } from './action.ts';
import type { SubjectRecord } from './record.ts';

/** One line of the subject's log: what was decided and why. */
export interface LogEntry {
  readonly kind: string;
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What becomes of the outbox. Cancelling a begun entry asks its holder to end; the entry stays until its result. */
export type OutboxChange =
  | { readonly kind: 'add'; readonly action: Action; readonly notBefore?: number }
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'remove'; readonly id: string }
  /** The holder is dead: hand the action out again under the next dispatch number. */
  | { readonly kind: 'redispatch'; readonly id: string; readonly dispatch: number; readonly isSettling: boolean };

/** Next record, what to do and why: saved as one before anything of it acts. */
export interface Decision {
  readonly record: SubjectRecord;
  /** The events that this decision took, with their place in the inbox. */
  readonly handled: readonly { readonly entryId: string; readonly eventId: string }[];
  readonly log: readonly LogEntry[];
  readonly outbox: readonly OutboxChange[];
  /** Threads that from now on are this subject. */
  readonly aliases: readonly number[];
  /** Earliest moment at which looking again makes sense without a new event. */
  readonly wakeAt?: number;
}
