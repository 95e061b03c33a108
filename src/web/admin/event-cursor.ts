import type { SubjectId } from '../../core/model/subject.ts';
import type { LoggedEvent } from '../../engine/port/store.ts';

/** Where a client is in a log, as it travels in `Last-Event-ID`: it belongs to one subject and names one moment. */
export interface EventCursor {
  readonly sequence: number;
  /** When the event was written; 0 when the cursor stands before the oldest event that is kept. */
  readonly at: number;
}

export function renderEventCursor(subject: SubjectId, { sequence, at }: EventCursor): string {
  return `${subject}:${sequence}:${at}`;
}

/** Undefined for a cursor of another subject and for anything else. */
export function parseEventCursor(subject: SubjectId, text: string): EventCursor | undefined {
  if (!text.startsWith(`${subject}:`)) return undefined;
  const [, sequence, at] = /^(\d{1,15}):(\d{1,15})$/.exec(text.slice(subject.length + 1)) ?? [];
  return sequence === undefined || at === undefined ? undefined : { sequence: Number(sequence), at: Number(at) };
}

/** A subject that was removed and came back counts anew: the same number is another event then. */
export function isSameEvent(cursor: EventCursor, event: LoggedEvent): boolean {
  return event.sequence === cursor.sequence && (cursor.at === 0 || event.at === cursor.at);
}
