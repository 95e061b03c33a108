// The store in memory, for simulations: the same answers as the scripts on Redis (test/contract holds both to it), with a
// clock from outside, without I/O, and the same history always the same.
import { ChoresRecord } from '../../src/core/model/chores.ts';
import { GroupRecord } from '../../src/core/model/group.ts';
import { LaneRecord } from '../../src/core/model/lane.ts';
import { migrateChores, migrateGroup, migrateLane, migrateRecord } from '../../src/core/model/migrate-record.ts';
import { SubjectRecord } from '../../src/core/model/record.ts';
import { Run } from '../../src/core/model/run.ts';
import type { RecordId } from '../../src/core/model/subject.ts';
import type { BeginResult, LogSlice, Permit, StorePort } from '../../src/engine/port/store.ts';
import { append, intake, intakeForCounted, intakeInstallation, submit } from './simulated-store/intake.ts';
import { RecordReader } from './simulated-store/kept-record.ts';
import { load, toOutboxEntry } from './simulated-store/load.ts';
import { countTrouble, listParked, park, replayParked } from './simulated-store/parked.ts';
import { comeBackMs, extendPermits, takePermits } from './simulated-store/permits.ts';
import { readPots } from './simulated-store/pots.ts';
import { remove } from './simulated-store/remove.ts';
import { farewellMs, save } from './simulated-store/save.ts';
import { Shares } from './simulated-store/shares.ts';
import { Shelves } from './simulated-store/shelf.ts';

const liveLinesKept = 500;

export interface SimulatedStore extends StorePort {
  /** The due-index as it is, by moment: looking at it changes nothing. */
  listDue(): readonly (readonly [RecordId, number])[];
}

export function createSimulatedStore({ clock }: { clock: { now(): number } }): SimulatedStore {
  const shelves = new Shelves(clock);
  const shares = new Shares(clock);
  const subjects = new RecordReader({ migrate: migrateRecord, schema: SubjectRecord, run: Run });
  const lanes = new RecordReader({ migrate: migrateLane, schema: LaneRecord });
  const groups = new RecordReader({ migrate: migrateGroup, schema: GroupRecord });
  const chores = new RecordReader({ migrate: migrateChores, schema: ChoresRecord });
  return {
    intake: async (request) => intake(shelves, request),
    intakeForCounted: async (request) => intakeForCounted(shelves, request),
    intakeInstallation: async (request) => intakeInstallation(shelves, request),
    append: async (record, id, event) => append(shelves, record, id, event),
    submit: async (request) => submit(shelves, request),

    load: async (subject) => load(shelves, subject, subjects),
    loadLane: async (lane) => load(shelves, lane, lanes),
    readTold: async (record) => shelves.of(record).told,
    loadGroup: async (group) => load(shelves, group, groups),
    loadChores: async (id) => load(shelves, id, chores),
    save: async (record, expectedVersion, decision) => save(shelves, record, expectedVersion, decision),
    remove: async (record, version) => remove(shelves, record, version),

    begin: async (record, actionId, dispatch, leaseMs, permits = []) =>
      begin(shelves, { record, actionId, dispatch, leaseMs, permits }),
    heartbeat: async (record, actionId, token, leaseMs) => heartbeat(shelves, { record, actionId, token, leaseMs }),
    takeDue: async (limit, deferMs) => takeDue(shelves, limit, deferMs),
    lookAgainAt: async (record, moment, version) => lookAgainAt(shelves, { record, moment, version }),

    countTrouble: async (record, eventId) => countTrouble(shelves, record, eventId),
    park: async (record, entryId, why) => park(shelves, record, entryId, why),
    listParked: async (limit) => listParked(shelves, limit),
    replayParked: async (id) => replayParked(shelves, id),

    takeTokens: async (request) => shares.takeTokens(request),
    readPots: async (names) => readPots(shelves, names),
    claim: async (name, ttlMs) => shares.claim(name, ttlMs),

    readLog: async (record, after, limit = Number.POSITIVE_INFINITY) =>
      readLogSlice(shelves, { record, after, limit }).events,
    readLogSlice: async (record, after, limit) => readLogSlice(shelves, { record, after, limit }),
    listSubjects: async (limit, skip = 0) =>
      [...shelves.subjects]
        .sort(([a, at], [b, other]) => other - at || (a < b ? 1 : -1))
        .slice(skip, skip + limit)
        .map(([subject]) => subject),
    listRecords: async (host, repositoryId) =>
      [...shelves.shelves]
        .filter(([id, shelf]) => id.startsWith(`${host}/${repositoryId}/`) && (shelf.version > 0 || shelf.ids.size > 0))
        .map(([id]) => id)
        .sort(),

    async appendLive(subject, actionId, line) {
      const shelf = shelves.of(subject);
      if (shelf.version === 0) return;
      const lines = [...(shelf.live.get(actionId) ?? []), { id: `${shelves.next()}-0`, line }];
      shelf.live.set(actionId, lines.slice(-liveLinesKept));
    },
    async readLive(subject, actionId, after) {
      const lines = shelves.of(subject).live.get(actionId) ?? [];
      return lines.slice(lines.findIndex(({ id }) => id === after) + 1);
    },
    listDue: () => [...shelves.due].sort(byMoment),
    isReady: async () => true,
    close: async () => undefined,
  };
}

interface Asking {
  readonly record: RecordId;
  readonly actionId: string;
  readonly dispatch: number;
  readonly leaseMs: number;
  readonly permits: readonly Permit[];
}

function begin(shelves: Shelves, { record, actionId, dispatch, leaseMs, permits }: Asking): BeginResult {
  const entry = shelves.of(record).outbox.find(({ id }) => id === actionId);
  if (!entry) return { kind: 'refused', why: 'gone' };
  if (entry.dispatch !== dispatch) return { kind: 'refused', why: 'superseded' };
  if (entry.holder) return { kind: 'refused', why: 'held' };
  if (shelves.now < (entry.notBefore ?? 0)) return { kind: 'refused', why: 'early' };
  const leaseUntil = shelves.now + leaseMs;
  const full = takePermits(shelves, { record, entry, leaseUntil }, permits);
  if (full) {
    shelves.makeDue(record, shelves.now + comeBackMs);
    return { kind: 'refused', why: 'full', ...full };
  }
  const token = `token-${shelves.next()}`;
  entry.holder = { token, since: shelves.now, leaseUntil, cancelled: false, permits: permits.map(({ name }) => name) };
  shelves.makeDue(record, leaseUntil);
  return { kind: 'begun', token, entry: toOutboxEntry(entry) };
}

function heartbeat(
  shelves: Shelves,
  { record, actionId, token, leaseMs }: { record: RecordId; actionId: string; token: string; leaseMs: number },
): 'held' | 'cancelled' | 'lost' {
  const entry = shelves.of(record).outbox.find(({ id }) => id === actionId);
  if (entry?.holder?.token !== token || entry.holder.leaseUntil <= shelves.now) return 'lost';
  const leaseUntil = shelves.now + leaseMs;
  if (!extendPermits(shelves, record, entry, leaseUntil)) return 'lost';
  entry.holder.leaseUntil = leaseUntil;
  return entry.holder.cancelled ? 'cancelled' : 'held';
}

function takeDue(shelves: Shelves, limit: number, deferMs: number): readonly RecordId[] {
  const due = [...shelves.due]
    .filter(([, moment]) => moment <= shelves.now)
    .sort(byMoment)
    .slice(0, limit)
    .map(([record]) => record);
  for (const record of due) shelves.due.set(record, shelves.now + deferMs);
  return due;
}

function byMoment([a, at]: readonly [RecordId, number], [b, other]: readonly [RecordId, number]): number {
  return at - other || (a < b ? -1 : 1);
}

function lookAgainAt(
  shelves: Shelves,
  { record, moment, version }: { record: RecordId; moment: number | undefined; version: number | undefined },
): boolean {
  const shelf = shelves.of(record);
  if (version !== undefined && (shelf.version !== version || shelf.inbox.length > 0)) return false;
  if (moment === undefined) shelves.due.delete(record);
  else shelves.due.set(record, moment);
  if (shelf.outbox.some(({ waits }) => waits.size > 0)) shelves.makeDue(record, shelves.now + comeBackMs);
  return true;
}

function readLogSlice(
  shelves: Shelves,
  { record, after, limit }: { record: RecordId; after: number; limit: number },
): LogSlice {
  const shelf = shelves.of(record);
  const isOver = shelf.removedAt !== undefined && shelves.now >= shelf.removedAt + farewellMs;
  const log = isOver ? [] : shelf.log;
  const events = structuredClone(log.filter(({ sequence }) => sequence > after).slice(0, limit));
  return { events, floor: log[0]?.sequence ?? (isOver ? 1 : shelf.sequence + 1) };
}
