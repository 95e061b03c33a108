// Schedules: each of their times comes once, and none is lost that should have come.
import type { Event } from '../../../src/core/model/event.ts';
import type { Timer } from '../history.ts';
import { epoch } from '../kernel.ts';
import type { Book } from './book.ts';

export interface KnownTimer {
  readonly timer: Timer;
  /** Before that it owes nothing. */
  firstSeen: number | undefined;
  /** When it was taken out of the settings. */
  takenOutAt: number | undefined;
  /** On which subject each of its times came. */
  readonly fired: Map<number, string>;
}

/** Two rounds of whoever looks, and one that somebody else has claimed. */
const promptMs = 150_000;

export function openTimers(timers: readonly Timer[]): Map<string, KnownTimer> {
  return new Map(
    timers.map((timer, index) => [
      `timer-${index}`,
      { timer, firstSeen: undefined, takenOutAt: undefined, fired: new Map() },
    ]),
  );
}

/** What the ledger told somebody: a schedule is seen when it is first kept. */
export function noteKept({ timers }: Book, kept: ReadonlyMap<string, number>): void {
  for (const [schedule, moment] of kept) {
    const known = timers.get(schedule.slice(0, schedule.indexOf('@')));
    if (known) known.firstSeen ??= moment;
  }
}

/** At the moment in which a time of a schedule is taken in. */
export function checkFired(book: Book, subject: string, event: Event): void {
  if (event.kind !== 'scheduled') return;
  const { schedule, at } = event;
  const known = book.timers.get(schedule);
  if (!known) return book.demand(false, `${schedule} came, which nobody asked for`);
  const when = `${schedule} of ${new Date(at).toISOString()}`;
  const now = book.now();
  book.demand(!known.fired.has(at), `${when} came on ${known.fired.get(at)} and on ${subject}`);
  book.demand(at <= now, `${when} came ${at - now} ms too early`);
  book.demand(listDue(known, at).at(-1) === at, `${when} came, and it is none of its times`);
  book.demand(!book.isCalm || now - at <= promptMs, `${when} came ${now - at} ms late, and nothing kept it`);
  known.fired.set(at, subject);
  book.met.add('a schedule came');
  if (listDue(known, at).length > 1) book.met.add('a schedule came again');
}

/** What has come and was not taken in; undefined where nothing is owed. */
export function findOwed({ timers, now }: Book): string | undefined {
  for (const [name, known] of timers) {
    if (known.takenOutAt !== undefined) continue;
    if (known.firstSeen === undefined) return `${name} was never seen`;
    if (isToCome(known, now())) return `${name} is still to come`;
    const latest = listDue(known, now()).at(-1);
    if (latest !== undefined && !known.fired.has(latest)) return `${name} of ${new Date(latest).toISOString()} is owed`;
  }
  return undefined;
}

/** Whether the latest of its times has come to us. */
export function isServed({ timers, now }: Book, name: string): boolean {
  const known = timers.get(name);
  if (known?.firstSeen === undefined) return false;
  const latest = listDue(known, now()).at(-1);
  return latest === undefined || known.fired.has(latest);
}

/** Where nothing went wrong each of its times came, and not only the latest. */
export function listMissed({ timers, isCalm, now }: Book): string[] {
  if (!isCalm) return [];
  return [...timers].flatMap(([name, known]) =>
    listDue(known, (known.takenOutAt ?? now()) - promptMs)
      .filter((moment) => !known.fired.has(moment))
      .map((moment) => `${name} of ${new Date(moment).toISOString()} never came, and nothing kept it`),
  );
}

function isToCome({ timer }: KnownTimer, now: number): boolean {
  return timer.kind === 'once' && epoch + timer.atS * 1_000 > now;
}

/** All its times after it was first seen, up to this moment. */
function listDue({ timer, firstSeen }: KnownTimer, upTo: number): number[] {
  if (firstSeen === undefined) return [];
  if (timer.kind === 'once') {
    const moment = epoch + timer.atS * 1_000;
    return moment > firstSeen && moment <= upTo ? [moment] : [];
  }
  const stepMs = timer.minutes * 60_000;
  const count = Math.max(0, Math.floor((upTo - firstSeen) / stepMs));
  return Array.from({ length: count }, (_, index) => firstSeen + (index + 1) * stepMs);
}
