import type { RecordId } from '../../../src/core/model/subject.ts';
import type { ParkedEvent } from '../../../src/engine/port/store.ts';
import type { Shelves } from './shelf.ts';

/** Of a record that keeps nothing there is nothing to count. */
export function countTrouble(shelves: Shelves, record: RecordId, name: string): number {
  const shelf = shelves.of(record);
  const times = (shelf.trouble.get(name) ?? 0) + 1;
  if (shelf.isKnown) shelf.trouble.set(name, times);
  return times;
}

export function park(shelves: Shelves, record: RecordId, entryId: string, why: string): boolean {
  const shelf = shelves.of(record);
  const event = shelf.inbox.find((entry) => entry.entryId === entryId);
  if (!event) return false;
  shelf.inbox = shelf.inbox.filter((entry) => entry !== event);
  shelf.ids.set(event.eventId, 'parked');
  shelf.trouble.delete(event.eventId);
  const id = `${record}#${entryId}`;
  shelves.parked.set(id, { id, record, event, why, at: shelves.now });
  return true;
}

export function listParked(shelves: Shelves, limit: number): ParkedEvent[] {
  return [...shelves.parked.values()]
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .slice(0, limit)
    .map(({ id, record, event, why, at }) => {
      return { id, record, eventId: event.eventId, why, at, event: JSON.parse(event.text) };
    });
}

/** Back into its inbox, or into the one of whoever speaks for the record by now. */
export function replayParked(shelves: Shelves, id: string): boolean {
  const parked = shelves.parked.get(id);
  if (!parked) return false;
  shelves.parked.delete(id);
  const { record, event } = parked;
  const from = shelves.of(record);
  const isOwn = from.outbox.some((entry) => entry.id === event.actionId);
  const holder = isOwn ? record : shelves.resolve(record);
  const to = shelves.of(holder);
  if (holder !== record) {
    from.ids.set(event.eventId, shelves.now);
    if (to.ids.has(event.eventId)) return true;
  }
  to.inbox.push({ ...event, entryId: `${shelves.next()}-0` });
  to.ids.set(event.eventId, 'kept');
  shelves.makeDue(holder, shelves.now);
  return true;
}
