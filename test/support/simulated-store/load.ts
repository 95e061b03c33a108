import { Action, type OutboxEntry } from '../../../src/core/model/action.ts';
import { Event, isOfNewerKind } from '../../../src/core/model/event.ts';
import type { InboxEntry } from '../../../src/core/model/snapshot.ts';
import { type RecordId, Repository } from '../../../src/core/model/subject.ts';
import type { Loaded } from '../../../src/engine/port/store.ts';
import type { RecordReader } from './kept-record.ts';
import { Reader } from './reader.ts';
import type { KeptAction, KeptEvent, Shelves } from './shelf.ts';

const events = new Reader((value) => Event.parse(value));
const repositories = new Reader((value) => Repository.parse(value));
const actions = new Reader((value) => Action.parse(value));

export function load<R>(shelves: Shelves, record: RecordId, reader: RecordReader<R>): Loaded<R> {
  const { version, record: kept, inbox, outbox } = shelves.of(record);
  const known = kept && reader.read(kept);
  const place = { now: shelves.now, version, record: undefined };
  if (known?.kind === 'newer') return { ...place, isNewer: true, inbox: [], unreadable: [], outbox: [] };
  const entries = inbox.map(readEntry);
  return {
    ...place,
    record: known?.record,
    isNewer: false,
    inbox: entries.flatMap((entry) => ('why' in entry ? [] : [entry])),
    unreadable: entries.flatMap((entry) => ('why' in entry ? [entry] : [])),
    outbox: outbox.map(toOutboxEntry),
  };
}

function readEntry({ entryId, eventId, text, repository }: KeptEvent): InboxEntry | Loaded<unknown>['unreadable'][0] {
  try {
    const event = events.read(text);
    if (repository === undefined) return { entryId, eventId, event };
    return { entryId, eventId, event, repository: repositories.read(repository) };
  } catch (error) {
    return { entryId, eventId, why: String(error), ...(isOfNewerKind(JSON.parse(text)) ? { isNewer: true } : {}) };
  }
}

export function toOutboxEntry({ action, dispatch, isSettling, notBefore, holder }: KeptAction): OutboxEntry {
  return {
    action: actions.read(action),
    dispatch,
    isSettling,
    ...(notBefore === undefined ? {} : { notBefore }),
    state: holder
      ? {
          kind: 'begun',
          token: holder.token,
          leaseUntil: holder.leaseUntil,
          since: holder.since,
          cancelled: holder.cancelled,
        }
      : { kind: 'pending' },
  };
}
