import type { Decision, OutboxChange } from '../../../src/core/model/decision.ts';
import { readSchema } from '../../../src/core/model/migrate-record.ts';
import {
  isSubjectId,
  parseSubjectId,
  type RecordId,
  type SubjectId,
  toSubjectId,
} from '../../../src/core/model/subject.ts';
import type { SaveResult } from '../../../src/engine/port/store.ts';
import { rememberMs } from './intake.ts';
import { keepRecord } from './kept-record.ts';
import { callWaiting, comeBackMs, giveBack } from './permits.ts';
import { fillPots, planPots, readPot } from './pots.ts';
import type { Shelf, Shelves } from './shelf.ts';

/** How long what a removed record says last can still be read. */
export const farewellMs = 3_600_000;
const plainLogKept = 500;

export function save(
  shelves: Shelves,
  record: RecordId,
  expectedVersion: number,
  decision: Decision<unknown>,
): SaveResult {
  const shelf = shelves.of(record);
  const schema = readSchema(decision.record);
  if (shelf.version !== expectedVersion || shelf.schema > schema) return { kind: 'moved' };
  for (const { entryId, eventId } of decision.handled) {
    const isThere = shelf.inbox.some((entry) => entry.entryId === entryId && entry.eventId === eventId);
    if (shelf.ids.get(eventId) !== 'kept' || !isThere) return { kind: 'already_handled', eventId };
  }
  const full = findFull(shelves, record, decision);
  if (full !== undefined) return { kind: 'full', name: full };
  const pots = planPots(shelves, decision);
  if ('over' in pots) return { kind: 'over', pot: pots.over, held: readPot(shelves, pots.over) };
  beginAnew(shelves, shelf);
  shelf.version += 1;
  shelf.schema = schema;
  if (decision.tells) shelf.told = shelf.version;
  shelf.record = keepRecord(Object(decision.record));
  shelf.census = (decision.census ?? []).map(({ name }) => name);
  fillPots(shelves, pots.changed);
  handle(shelves, shelf, decision);
  writeLog(shelves, shelf, decision);
  if (!isSubjectId(record)) shelf.log = shelf.log.slice(-plainLogKept);
  const freed = decision.outbox.flatMap((change) => changeOutbox(shelves, record, change));
  keepAnswers(shelves, decision);
  for (const number of decision.aliases) setAlias(shelves, record as SubjectId, number);
  setDue(shelves, record, decision.wakeAt);
  if (isSubjectId(record)) shelves.subjects.set(record, shelves.now);
  callWaiting(shelves, freed);
  return { kind: 'saved', version: shelf.version };
}

function findFull(shelves: Shelves, record: RecordId, { census = [] }: Decision<unknown>): string | undefined {
  const full = census.find(({ name, limit }) => {
    const counted = [...shelves.shelves].filter(([, shelf]) => shelf.census.includes(name)).map(([id]) => id);
    return limit !== undefined && counted.length >= limit && !counted.includes(record);
  });
  return full?.name;
}

/** A record that was removed and comes back goes on numbering where its log can still be read. */
function beginAnew(shelves: Shelves, shelf: Shelf): void {
  if (shelf.removedAt === undefined) return;
  if (shelves.now >= shelf.removedAt + farewellMs) {
    shelf.log = [];
    shelf.sequence = 0;
  }
  shelf.removedAt = undefined;
}

function handle(shelves: Shelves, shelf: Shelf, { handled }: Decision<unknown>): void {
  const entries = new Set(handled.map(({ entryId }) => entryId));
  shelf.inbox = shelf.inbox.filter(({ entryId }) => !entries.has(entryId));
  for (const { eventId } of handled) {
    shelf.ids.set(eventId, shelves.now);
    if (eventId.startsWith('request/')) endRequest(shelves, eventId.slice('request/'.length));
  }
  for (const name of shelf.trouble.keys()) if (shelf.ids.get(name) !== 'kept') shelf.trouble.delete(name);
  forgetOld(shelves, shelf, 2 * handled.length + 16);
}

/** A handled event is forgotten when it cannot come again, some with each save; a comment may be listed at any time. */
function forgetOld(shelves: Shelves, shelf: Shelf, atMost: number): void {
  const old = [...shelf.ids]
    .flatMap(([id, state]) => (typeof state === 'number' && state <= shelves.now - rememberMs ? [{ id, state }] : []))
    .sort((a, b) => a.state - b.state || (a.id < b.id ? -1 : 1));
  for (const { id } of old.slice(0, atMost)) {
    if (id.startsWith('comment/')) shelf.ids.set(id, 'handled');
    else shelf.ids.delete(id);
  }
}

function endRequest(shelves: Shelves, key: string): void {
  const request = shelves.requests.get(key);
  if (request) request.until = shelves.now + rememberMs;
}

function keepAnswers(shelves: Shelves, { answers = [] }: Decision<unknown>): void {
  for (const { key, answer } of answers) {
    const request = shelves.requests.get(key);
    if (!request || (request.until ?? Number.POSITIVE_INFINITY) <= shelves.now) continue;
    request.answer = JSON.stringify(answer);
    request.until = shelves.now + rememberMs;
  }
}

function writeLog(shelves: Shelves, shelf: Shelf, { log, trimLogBefore = 0 }: Decision<unknown>): void {
  for (const entry of log) {
    shelf.sequence += 1;
    shelf.log.push({ ...JSON.parse(JSON.stringify(entry)), sequence: shelf.sequence, at: shelves.now });
  }
  shelf.log = shelf.log.filter(({ sequence }) => sequence >= trimLogBefore);
}

/** Gives the names of permits that somebody else may have now. */
function changeOutbox(shelves: Shelves, record: RecordId, change: OutboxChange): string[] {
  const shelf = shelves.of(record);
  const id = change.kind === 'add' ? change.action.id : change.id;
  const entry = shelf.outbox.find((candidate) => candidate.id === id);
  if (change.kind === 'add') {
    if (entry) return [];
    const waits = change.notBefore === undefined ? {} : { notBefore: change.notBefore };
    const action = JSON.stringify(change.action);
    shelf.outbox.push({ id, action, dispatch: 1, isSettling: false, ...waits, waits: new Set() });
    return [];
  }
  if (!entry) return [];
  if (change.kind === 'cancel' && entry.holder) {
    entry.holder.cancelled = true;
    return [];
  }
  if (change.kind === 'redispatch' && entry.holder && entry.holder.leaseUntil > shelves.now) {
    if (change.isSettling) entry.holder.cancelled = true;
    return [];
  }
  const names = giveBack(shelves, record, entry);
  if (change.kind === 'redispatch') {
    delete entry.holder;
    entry.dispatch = change.dispatch;
    entry.isSettling ||= change.isSettling;
  } else {
    shelf.outbox = shelf.outbox.filter((other) => other !== entry);
  }
  return names;
}

/** From now on the thread is this subject; what landed there before comes along, once. */
function setAlias(shelves: Shelves, record: SubjectId, number: number): void {
  const { host, repositoryId } = parseSubjectId(record);
  const alias = toSubjectId(host, repositoryId, number);
  if (leadsTo(shelves, record, alias)) return;
  shelves.aliases.set(alias, record);
  const from = shelves.of(alias);
  const holder = shelves.resolve(record);
  const to = shelves.of(holder);
  const isOwn = (actionId: string | undefined) => from.outbox.some(({ id }) => id === actionId);
  for (const event of from.inbox.filter(({ actionId }) => !isOwn(actionId))) {
    from.ids.set(event.eventId, shelves.now);
    from.trouble.delete(event.eventId);
    if (to.ids.has(event.eventId)) continue;
    to.inbox.push({ ...event, entryId: `${shelves.next()}-0` });
    to.ids.set(event.eventId, 'kept');
    shelves.makeDue(holder, shelves.now);
  }
  from.inbox = from.inbox.filter(({ actionId }) => isOwn(actionId));
  // A record of its own may still have something to come back to.
  if (from.inbox.length === 0 && from.outbox.length === 0 && from.version === 0) shelves.due.delete(alias);
}

function leadsTo(shelves: Shelves, from: RecordId, to: RecordId): boolean {
  if (from === to) return true;
  const next = shelves.aliases.get(from);
  return next !== undefined && leadsTo(shelves, next, to);
}

export function setDue(shelves: Shelves, record: RecordId, wakeAt: number | undefined): void {
  const { inbox, outbox } = shelves.of(record);
  shelves.due.delete(record);
  if (inbox.length > 0) shelves.due.set(record, shelves.now);
  else if (wakeAt !== undefined) shelves.due.set(record, wakeAt);
  if (outbox.some(({ waits }) => waits.size > 0)) shelves.makeDue(record, shelves.now + comeBackMs);
}
