import type { RecordId } from '../../core/model/subject.ts';
import type { LoggedEvent } from './store.ts';

export type LogNews =
  | { readonly kind: 'events'; readonly events: readonly LoggedEvent[] }
  /** The record was ended for good; nothing more will come. */
  | { readonly kind: 'gone' };

export interface Following {
  /** News begin after this sequence number; whoever has not come so far reads the log up to here and joins again. */
  readonly position: number;
  stop(): void;
}

/** Tells what is written to logs, by whatever process. One reader per process, however many listen. */
export interface LogFeedPort {
  /**
   * Joins at once, without waiting: what is appended after `position` is told in order. A log that nobody follows yet
   * begins at `after`. News that a listener has seen already may be among them.
   */
  follow(record: RecordId, after: number, listener: (news: LogNews) => void): Following;
}
