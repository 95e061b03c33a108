import type { RecordId } from '../../../src/core/model/subject.ts';
import type { Permit } from '../../../src/engine/port/store.ts';
import type { KeptAction, PermitState, Shelves } from './shelf.ts';

/** Whoever waits and has not asked for this long has lost its place. */
const patienceMs = 60_000;
/** Whoever waits is looked at again after this long at the latest. */
export const comeBackMs = 20_000;

/** Names of records hold no blank. */
function toHolder(record: RecordId, actionId: string): string {
  return `${record} ${actionId}`;
}

function stateOf(shelves: Shelves, name: string): PermitState {
  const state = shelves.permits.get(name) ?? { limit: 0, held: new Map(), line: new Map() };
  shelves.permits.set(name, state);
  return state;
}

function countFree(shelves: Shelves, { held, limit }: PermitState): number {
  return limit - [...held.values()].filter((until) => until > shelves.now).length;
}

function listWaiting(shelves: Shelves, { line }: PermitState): string[] {
  return [...line]
    .filter(([, { asked }]) => asked > shelves.now - patienceMs)
    .sort(([, one], [, other]) => one.ticket - other.ticket)
    .map(([holder]) => holder);
}

/** How many wait before this one, by name, where its turn has not come. */
function findBlocked(shelves: Shelves, holder: string, permits: readonly Permit[]): Map<string, number> {
  const blocked = new Map<string, number>();
  for (const { name, limit } of permits) {
    const state = { ...stateOf(shelves, name), limit };
    const waiting = listWaiting(shelves, state);
    const ahead = waiting.includes(holder) ? waiting.indexOf(holder) : waiting.length;
    if (ahead >= countFree(shelves, state)) blocked.set(name, ahead);
  }
  return blocked;
}

/** One for all lines that it stands in, from when it first had to wait. */
function findTicket(shelves: Shelves, holder: string, { waits }: KeptAction): number | undefined {
  for (const name of waits) {
    const place = stateOf(shelves, name).line.get(holder);
    if (place) return place.ticket;
  }
  return undefined;
}

/** Takes all permits or none. Gives what is in the way of it: then it waits there. */
export function takePermits(
  shelves: Shelves,
  at: { readonly record: RecordId; readonly entry: KeptAction; readonly leaseUntil: number },
  permits: readonly Permit[],
): { readonly permit: string; readonly ahead: number } | undefined {
  const holder = toHolder(at.record, at.entry.id);
  const blocked = findBlocked(shelves, holder, permits);
  for (const { name, limit } of permits) {
    const state = stateOf(shelves, name);
    state.limit = limit;
    for (const [other, until] of state.held) if (until <= shelves.now) state.held.delete(other);
    for (const [other, { asked }] of state.line) if (asked <= shelves.now - patienceMs) state.line.delete(other);
  }
  const first = permits.find(({ name }) => blocked.has(name));
  if (first) {
    const ticket = findTicket(shelves, holder, at.entry) ?? shelves.nextTicket();
    for (const { name } of permits) {
      const { line } = stateOf(shelves, name);
      if (!blocked.has(name) && !line.has(holder)) continue;
      line.set(holder, { asked: shelves.now, ticket });
      at.entry.waits.add(name);
    }
    return { permit: first.name, ahead: blocked.get(first.name) ?? 0 };
  }
  leaveLines(shelves, at.record, at.entry);
  for (const { name } of permits) stateOf(shelves, name).held.set(holder, at.leaseUntil);
  return undefined;
}

/** False when one of them has gone to somebody else. */
export function extendPermits(shelves: Shelves, record: RecordId, entry: KeptAction, leaseUntil: number): boolean {
  const holder = toHolder(record, entry.id);
  const names = entry.holder?.permits ?? [];
  if (names.some((name) => !stateOf(shelves, name).held.has(holder))) return false;
  for (const name of names) stateOf(shelves, name).held.set(holder, leaseUntil);
  return true;
}

/** Gives back what it holds and where it waits; gives the names of both. */
export function giveBack(shelves: Shelves, record: RecordId, entry: KeptAction): string[] {
  const names = [...(entry.holder?.permits ?? []), ...entry.waits];
  for (const name of entry.holder?.permits ?? []) stateOf(shelves, name).held.delete(toHolder(record, entry.id));
  leaveLines(shelves, record, entry);
  return names;
}

function leaveLines(shelves: Shelves, record: RecordId, entry: KeptAction): void {
  for (const name of entry.waits) stateOf(shelves, name).line.delete(toHolder(record, entry.id));
  entry.waits.clear();
}

/** Whoever can be served now is due now. */
export function callWaiting(shelves: Shelves, names: Iterable<string>): void {
  for (const name of new Set(names)) {
    const state = stateOf(shelves, name);
    const free = Math.max(0, countFree(shelves, state));
    for (const holder of listWaiting(shelves, state).slice(0, free))
      shelves.makeDue(holder.slice(0, holder.indexOf(' ')) as RecordId, shelves.now);
  }
}
