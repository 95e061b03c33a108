// Replays a log from a cursor and goes on with what is written to it, in order, without gap and without double: pages
// are read until the feed's own position is reached, and joining it there takes no time in which anything could happen.
import type { SubjectId } from '../../core/model/subject.ts';
import type { Following, LogFeedPort, LogNews } from '../../engine/port/log-feed.ts';
import type { LoggedEvent, StorePort } from '../../engine/port/store.ts';
import { type EventCursor, isSameEvent } from './event-cursor.ts';

/** Whoever is shown a log. Nothing is called after `signal` was aborted. */
export interface LogSink {
  show(event: LoggedEvent): void;
  /** What came before `floor` and after the cursor is kept no more. */
  showTrimmed(floor: number): void;
  /** Nothing follows in this life of the subject. `event` is the log's own last word, where it is still kept. */
  showDeleted(event: LoggedEvent | undefined): void;
  /** Resolves as soon as more can be taken. */
  untilDrained(): Promise<void>;
}

interface Tail {
  readonly store: StorePort;
  readonly feed: LogFeedPort;
  readonly subject: SubjectId;
  readonly sink: LogSink;
  readonly signal: AbortSignal;
  /** Where the client was; undefined when it begins. */
  readonly cursor: EventCursor | undefined;
  /** Whether there was a record when the client came: without one nothing is waited for. */
  readonly isKnown: boolean;
  /** The last event that was shown. */
  shown: number;
}

const pageSize = 200;

/** Ends when the subject is removed or `signal` is aborted. */
export async function tailLog(options: Omit<Tail, 'shown'>): Promise<void> {
  const tail: Tail = { ...options, shown: await findStart(options) };
  while (!tail.signal.aborted) {
    if ((await replay(tail)) === 'deleted') return;
    if (!tail.isKnown) return tail.sink.showDeleted(undefined);
    if ((await join(tail)) === 'ended') return;
  }
}

/** The cursor's own event has to be there as the client saw it, or to be trimmed away; else everything is shown. */
async function findStart({ store, subject, cursor }: Omit<Tail, 'shown'>): Promise<number> {
  if (!cursor || cursor.sequence === 0) return 0;
  const { events, floor } = await store.readLogSlice(subject, cursor.sequence - 1, 1);
  const [event] = events;
  if (event && isSameEvent(cursor, event)) return cursor.sequence;
  return cursor.sequence < floor ? cursor.sequence : 0;
}

async function replay(tail: Tail): Promise<'deleted' | 'caught_up'> {
  while (!tail.signal.aborted) {
    const { events, floor } = await tail.store.readLogSlice(tail.subject, tail.shown, pageSize);
    if (tail.signal.aborted) break;
    if (tail.shown + 1 < floor) skip(tail, floor);
    if (events.length === 0) return 'caught_up';
    if (showAll(tail, events, tail.cursor !== undefined || !tail.isKnown) === 'deleted') return 'deleted';
    await tail.sink.untilDrained();
  }
  return 'caught_up';
}

function join(tail: Tail): Promise<'behind' | 'ended'> {
  return new Promise((resolve) => {
    let following: Following | undefined;
    const end = (how: 'behind' | 'ended') => {
      following?.stop();
      tail.signal.removeEventListener('abort', onAbort);
      resolve(how);
    };
    const onAbort = () => end('ended');
    tail.signal.addEventListener('abort', onAbort);
    if (tail.signal.aborted) return end('ended');
    const onNews = (news: LogNews) => {
      if (news.kind === 'events' && showAll(tail, news.events, true) !== 'deleted') return;
      if (news.kind === 'gone') tail.sink.showDeleted(undefined);
      end('ended');
    };
    following = tail.feed.follow(tail.subject, tail.shown, onNews);
    if (following.position > tail.shown) end('behind');
  });
}

/** A client that begins is shown the life that the subject has now; for every other one a removal is the end. */
function showAll(tail: Tail, events: readonly LoggedEvent[], endsAtRemoval: boolean): 'deleted' | 'shown' {
  for (const event of events) {
    if (tail.signal.aborted || event.sequence <= tail.shown) continue;
    if (event.sequence > tail.shown + 1) skip(tail, event.sequence);
    tail.shown = event.sequence;
    if (event.kind === 'deleted' && endsAtRemoval) {
      tail.sink.showDeleted(event);
      return 'deleted';
    }
    tail.sink.show(event);
  }
  return 'shown';
}

function skip(tail: Tail, floor: number): void {
  tail.sink.showTrimmed(floor);
  tail.shown = floor - 1;
}
