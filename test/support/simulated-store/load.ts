import { Action, type OutboxEntry } from '../../../src/core/model/action.ts';
import { Event } from '../../../src/core/model/event.ts';
import type { Migrated } from '../../../src/core/model/migrate-record.ts';
import type { InboxEntry } from '../../../src/core/model/snapshot.ts';
import { type RecordId, Repository } from '../../../src/core/model/subject.ts';
import type { Loaded } from '../../../src/engine/port/store.ts';
import type { KeptAction, KeptEvent, Shelves } from './shelf.ts';

/**
 * What was read from a text before, frozen: the same text is read again and again, and whoever changed what was loaded
 * would be found out.
 */
class Reader<T> {
  readonly #known = new Map<string, T>();
  readonly #parse: (value: unknown) => T;

  constructor(parse: (value: unknown) => T) {
    this.#parse = parse;
  }

  read(text: string): T {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const value = freeze(this.#parse(JSON.parse(text)));
    if (this.#known.size >= textsKept) this.#known.clear();
    this.#known.set(text, value);
    return value;
  }
}

const textsKept = 500;

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

const events = new Reader((value) => Event.parse(value));
const repositories = new Reader((value) => Repository.parse(value));
const actions = new Reader((value) => Action.parse(value));

export interface Reading<R> {
  readonly migrate: (value: unknown) => Migrated;
  readonly parse: (value: unknown) => R;
}

/** How texts of records become records. */
export function openReading<R>({ migrate, parse }: Reading<R>): RecordReading<R> {
  return new Reader((value): RecordRead<R> => {
    const migrated = migrate(value);
    return migrated.kind === 'newer' ? { kind: 'newer' } : { kind: 'read', record: parse(migrated.record) };
  });
}

type RecordRead<R> = { readonly kind: 'newer' } | { readonly kind: 'read'; readonly record: R };
export type RecordReading<R> = Pick<Reader<RecordRead<R>>, 'read'>;

export function load<R>(shelves: Shelves, record: RecordId, reading: RecordReading<R>): Loaded<R> {
  const { version, record: text, inbox, outbox } = shelves.of(record);
  const known = text === undefined ? undefined : reading.read(text);
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
    return { entryId, eventId, why: String(error) };
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
