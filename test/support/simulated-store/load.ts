import { Action, type OutboxEntry } from '../../../src/core/model/action.ts';
import { Event } from '../../../src/core/model/event.ts';
import type { Migrated } from '../../../src/core/model/migrate-record.ts';
import type { InboxEntry } from '../../../src/core/model/snapshot.ts';
import { type RecordId, Repository } from '../../../src/core/model/subject.ts';
import type { Loaded } from '../../../src/engine/port/store.ts';
import type { KeptAction, KeptEvent, Shelves } from './shelf.ts';

export function load<R>(
  shelves: Shelves,
  record: RecordId,
  reading: { readonly migrate: (value: unknown) => Migrated; readonly parse: (value: unknown) => R },
): Loaded<R> {
  const { version, record: text, inbox, outbox } = shelves.of(record);
  const migrated = text === undefined ? undefined : reading.migrate(JSON.parse(text));
  const place = { now: shelves.now, version, record: undefined };
  if (migrated?.kind === 'newer') return { ...place, isNewer: true, inbox: [], unreadable: [], outbox: [] };
  const entries = inbox.map(readEntry);
  return {
    ...place,
    record: migrated && reading.parse(migrated.record),
    isNewer: false,
    inbox: entries.flatMap((entry) => ('why' in entry ? [] : [entry])),
    unreadable: entries.flatMap((entry) => ('why' in entry ? [entry] : [])),
    outbox: outbox.map(toOutboxEntry),
  };
}

function readEntry({ entryId, eventId, text, repository }: KeptEvent): InboxEntry | Loaded<unknown>['unreadable'][0] {
  try {
    const event = Event.parse(JSON.parse(text));
    if (repository === undefined) return { entryId, eventId, event };
    return { entryId, eventId, event, repository: Repository.parse(JSON.parse(repository)) };
  } catch (error) {
    return { entryId, eventId, why: String(error) };
  }
}

export function toOutboxEntry({ action, dispatch, isSettling, notBefore, holder }: KeptAction): OutboxEntry {
  return {
    action: Action.parse(JSON.parse(action)),
    dispatch,
    isSettling,
    ...(notBefore === undefined ? {} : { notBefore }),
    state: holder
      ? { kind: 'begun', token: holder.token, leaseUntil: holder.leaseUntil, cancelled: holder.cancelled }
      : { kind: 'pending' },
  };
}
