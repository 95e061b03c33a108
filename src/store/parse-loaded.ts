import { z } from 'zod';
import { Event, isOfNewerKind } from '../core/model/event.ts';
import type { Migrated } from '../core/model/migrate-record.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import { Repository } from '../core/model/subject.ts';
import type { Loaded, UnreadableEntry } from '../engine/port/store.ts';
import { UnreadableRecord } from '../engine/port/unreadable-record.ts';
import { parseOutbox } from './parse-outbox.ts';
import { readField } from './read-field.ts';

const Answer = z.tuple([
  z.coerce.number(),
  z.coerce.number(),
  z.string(),
  z.array(z.tuple([z.string(), z.array(z.string())])),
  z.array(z.string()),
]);

interface Reading<R> {
  readonly migrate: (value: unknown) => Migrated;
  readonly parse: (value: unknown) => R;
}

export function parseLoaded<R>(answer: unknown, reading: Reading<R>): Loaded<R> {
  const parts = Answer.parse(answer);
  try {
    return parseParts(parts, reading);
  } catch (error) {
    throw new UnreadableRecord(parts[0], error);
  }
}

function parseParts<R>(parts: z.infer<typeof Answer>, { migrate, parse }: Reading<R>): Loaded<R> {
  const [now, version, text, inbox, outbox] = parts;
  const migrated = text === '' ? undefined : migrate(JSON.parse(text));
  const place = { now, version, record: undefined };
  // Its events and actions may be newer too: whoever knows them will take them.
  if (migrated?.kind === 'newer') return { ...place, isNewer: true, inbox: [], unreadable: [], outbox: [] };
  const entries = inbox.map(([entryId, fields]) => readEntry(entryId, fields));
  return {
    ...place,
    record: migrated && parse(migrated.record),
    isNewer: false,
    inbox: entries.flatMap((entry) => ('why' in entry ? [] : [entry])),
    unreadable: entries.flatMap((entry) => ('why' in entry ? [entry] : [])),
    outbox: parseOutbox(outbox),
  };
}

const whyCharsAtMost = 300;

/** One entry that cannot be read must not hold up the others. */
function readEntry(entryId: string, fields: readonly string[]): InboxEntry | UnreadableEntry {
  const eventId = readField(fields, 'id') ?? '';
  const repository = readField(fields, 'repository');
  let value: unknown;
  try {
    value = JSON.parse(readField(fields, 'event') ?? '');
    const event = Event.parse(value);
    if (repository === undefined) return { entryId, eventId, event };
    return { entryId, eventId, event, repository: Repository.parse(JSON.parse(repository)) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return { entryId, eventId, why: why.slice(0, whyCharsAtMost), ...(isOfNewerKind(value) ? { isNewer: true } : {}) };
  }
}
