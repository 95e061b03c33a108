import type { RecordId, SubjectId } from '../../../src/core/model/subject.ts';
import { callWaiting, giveBack } from './permits.ts';
import { Shelf, type Shelves } from './shelf.ts';

export function remove(shelves: Shelves, record: RecordId, version?: number): boolean {
  const shelf = shelves.of(record);
  if (version !== undefined && (shelf.version !== version || shelf.inbox.length > 0)) return false;
  const parked = [...shelves.parked.values()].filter((entry) => entry.record === record);
  for (const { eventId } of [...shelf.inbox, ...parked.map(({ event }) => event)])
    if (eventId.startsWith('request/')) shelves.requests.delete(eventId.slice('request/'.length));
  for (const { id } of parked) shelves.parked.delete(id);
  const freed = shelf.outbox.flatMap((entry) => giveBack(shelves, record, entry));
  for (const [alias, owner] of shelves.aliases) if (alias === record || owner === record) shelves.aliases.delete(alias);
  shelves.due.delete(record);
  shelves.subjects.delete(record as SubjectId);
  shelves.shelves.set(record, toRest(shelves, shelf));
  callWaiting(shelves, freed);
  return true;
}

/** The log says one last thing; nothing else is left. */
function toRest(shelves: Shelves, shelf: Shelf): Shelf {
  const rest = new Shelf();
  if (shelf.version === 0 && shelf.removedAt === undefined) return rest;
  if (shelf.version === 0) {
    rest.log = shelf.log;
    rest.sequence = shelf.sequence;
    rest.removedAt = shelf.removedAt;
    return rest;
  }
  rest.sequence = shelf.sequence + 1;
  const text = 'everything that was kept of this was deleted';
  rest.log = [{ kind: 'deleted', text, sequence: rest.sequence, at: shelves.now }];
  rest.removedAt = shelves.now;
  return rest;
}
