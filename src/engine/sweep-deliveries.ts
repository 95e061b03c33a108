// GitHub never repeats a delivery by itself. Its log of deliveries is read every few minutes, and whatever never got
// through is asked for once more: it comes as a webhook again, and intake keeps it once, however often it comes.
import { redeliveryWindowMs } from '../core/run/refuse-late.ts';
import { ExternalError } from './external-error.ts';
import type { ClockPort } from './port/clock.ts';
import type { DeliveryAttempt, DeliveryLogPort } from './port/delivery-log.ts';
import type { LogPort } from './port/log.ts';
import type { LostDeliveries } from './port/lost-deliveries.ts';
import type { StorePort } from './port/store.ts';

export interface DeliverySweepPorts {
  readonly deliveries: DeliveryLogPort;
  /** What is given up, for the operator to see and to have asked for again. */
  readonly lost: LostDeliveries;
  readonly store: Pick<StorePort, 'claim'>;
  readonly clock: Pick<ClockPort, 'now'>;
  readonly log: LogPort;
}

/** An attempt is listed when it has ended, so a later one may be listed before it. */
const overlapMs = 10 * 60_000;

/** A delivery that was refused this often, over a day and a third, is refused for a reason. */
const attemptsAtMost = 16;

/** After the second attempt, then twice as long each time: whatever keeps us from being reached may take hours to mend. */
const pauseMs = 30_000;
const pauseAtMostMs = 6 * 3_600_000;

/**
 * How often one state of a delivery is acted on: by one process, and again only when nothing came of it, as when that
 * process died before it asked. One that is asked for twice is kept once.
 */
const claimMs = 90_000;

/** Requests of one round that fail before the rest of it is left to the next one. */
const troublesAtMost = 3;

/** 20,000 attempts: more than that in one round means that something else is wrong. */
const pagesAtMost = 200;

export interface DeliveryRound {
  /** When the log was read, by GitHub's clock. */
  readonly readAt: number;
  /** Every comment that was written before this moment is known to have arrived, as far as the log still tells. */
  readonly heardUntil: number;
}

export interface DeliverySweep {
  /** One round. Throws ExternalError when the log cannot be read, or something not be asked for; then nothing is forgotten. */
  run(): Promise<DeliveryRound>;
}

/** Remembers up to where the log was read, and what of it is still missing, so that a round reads only what is new. */
export function createDeliverySweep(ports: DeliverySweepPorts): DeliverySweep {
  const memory: Memory = { readUntil: 0, refusing: undefined, missed: new Map(), failures: new Map() };
  return { run: () => sweep(ports, memory) };
}

interface Memory {
  readUntil: number;
  /** Since when nothing arrived of what was asked for; undefined while something does. */
  refusing: { readonly asked: number; readonly isSure: boolean } | undefined;
  /** By guid. What is given up or arrived is remembered as long as it may be met again. */
  readonly missed: Map<string, Missed>;
  readonly failures: Failures;
}

async function sweep(ports: DeliverySweepPorts, memory: Memory): Promise<DeliveryRound> {
  const oldest = ports.clock.now() - redeliveryWindowMs;
  const { readAt, attempts } = await listSince(ports, Math.max(oldest, memory.readUntil));
  takeAttempts(memory, attempts);
  await forgetArrived(ports, memory);
  const troubles = await askForWanted(ports, memory);
  for (const [guid, { firstAt }] of memory.missed)
    if (firstAt < readAt - redeliveryWindowMs) memory.missed.delete(guid);
  memory.readUntil = readAt - overlapMs;
  const due = listDue(memory, readAt);
  const chosen = memory.refusing?.isSure
    ? due.toSorted((one, other) => countTries(one) - countTries(other)).slice(0, 1)
    : due;
  if (chosen.length > 0) memory.refusing = { asked: readAt, isSure: memory.refusing?.isSure ?? false };
  await askForAll(ports, memory, chosen);
  if (troubles.length > 0) throw troubles[0];
  return { readAt, heardUntil: Math.min(readAt, ...listOpenComments(memory)) };
}

/** What was given up may arrive all the same, as when its sender is asked in GitHub's settings. */
async function forgetArrived({ lost }: DeliverySweepPorts, { missed }: Memory): Promise<void> {
  for (const delivery of missed.values()) {
    if (delivery.state !== 'given_up' || !delivery.hasArrived) continue;
    await lost.forget(delivery.guid);
    delivery.state = 'arrived';
  }
}

/** An operator knows why it makes sense by now. One that fails again is given up again. */
async function askForWanted({ deliveries, lost, log }: DeliverySweepPorts, { missed }: Memory): Promise<unknown[]> {
  const troubles: unknown[] = [];
  for (const delivery of await lost.listAsked()) {
    const { guid, what, attemptId } = delivery;
    try {
      await deliveries.redeliver(attemptId);
      await lost.forget(guid);
      const known = missed.get(guid);
      if (known) known.askedAfter = attemptId;
      log.info({ deliveryId: guid, what }, 'a delivery that was given up was asked for again');
    } catch (error) {
      if (!(error instanceof ExternalError && error.retry === 'never')) {
        // It keeps no other from being asked for.
        troubles.push(error);
        continue;
      }
      await lost.forget(guid);
      await lost.keep({ ...delivery, why: notAgain });
      log.error({ deliveryId: guid, what }, notAgain);
    }
  }
  return troubles;
}

/** Also of those that are given up: nobody has heard them. */
function listOpenComments({ missed }: Memory): number[] {
  const open = [...missed.values()].filter(
    ({ state, what }) => state !== 'arrived' && what === 'issue_comment.created',
  );
  return open.map(({ firstAt }) => firstAt);
}

/** It may be one alone that cannot be asked for: the others are, unless nobody is to ask or nobody answers. */
async function askForAll(ports: DeliverySweepPorts, { failures }: Memory, due: readonly Missed[]): Promise<void> {
  const troubles: unknown[] = [];
  for (const delivery of due) {
    try {
      const isSpent = countTries(delivery) >= attemptsAtMost;
      const why = isSpent ? refusedEveryTime : await askAgain(ports, failures, delivery);
      if (why !== undefined) await giveUp(ports, delivery, why);
    } catch (error) {
      troubles.push(error);
      if (!(error instanceof ExternalError && error.retry === 'soon') || troubles.length === troublesAtMost) break;
    }
  }
  if (troubles.length > 0) throw troubles[0];
}

/** Oldest first, so that what was said first arrives first. */
function listDue({ missed, failures }: Memory, readAt: number): Missed[] {
  const open = [...missed.values()].filter(({ state }) => state === 'open');
  for (const state of failures.keys())
    if (!open.some((delivery) => toState(delivery) === state)) failures.delete(state);
  return open
    .filter((delivery) => readAt >= delivery.newest.at + toPauseMs(countTries(delivery)))
    .sort((one, other) => one.firstAt - other.firstAt);
}

/** What the log says anew. Of what arrived at once nothing is remembered. */
function takeAttempts(memory: Memory, attempts: readonly DeliveryAttempt[]): void {
  const { missed } = memory;
  for (const [guid, tries] of Map.groupBy(attempts, (attempt) => attempt.guid)) {
    const known = missed.get(guid);
    const [first] = tries;
    if (!first || (!known && tries.some(({ isOk }) => isOk))) continue;
    const delivery = known ?? {
      guid,
      what: first.what,
      firstAt: first.at,
      newest: first,
      tried: new Set(),
      state: 'open',
      hasArrived: false,
    };
    missed.set(guid, delivery);
    for (const attempt of tries) takeAttempt(delivery, attempt);
  }
  const asked = memory.refusing?.asked ?? Number.POSITIVE_INFINITY;
  const since = attempts.filter(({ at }) => at > asked);
  if (since.some(({ isOk }) => isOk)) memory.refusing = undefined;
  else if (since.length > 0) memory.refusing = { asked, isSure: true };
}

function takeAttempt(delivery: Missed, attempt: DeliveryAttempt): void {
  delivery.tried.add(attempt.id);
  delivery.firstAt = Math.min(delivery.firstAt, attempt.at);
  const { newest } = delivery;
  if (attempt.at > newest.at || (attempt.at === newest.at && attempt.id > newest.id)) delivery.newest = attempt;
  if (!attempt.isOk) {
    // It was asked for once more, and that was in vain: it is to be given up again.
    if (delivery.askedAfter !== undefined && attempt.id > delivery.askedAfter) delivery.state = 'open';
    return;
  }
  if (delivery.state === 'open') delivery.state = 'arrived';
  delivery.hasArrived = true;
}

function countTries({ tried }: Missed): number {
  return tried.size;
}

/** The same to all processes, however much of the log each of them has read. */
function toState({ guid, newest }: Missed): string {
  return `${guid}/${newest.id}`;
}

function toPauseMs(attempts: number): number {
  return attempts < 2 ? 0 : Math.min(pauseMs * 2 ** (attempts - 2), pauseAtMostMs);
}

/** How often asking for each state of a delivery failed here: the claim of a request that was not made holds up nobody. */
type Failures = Map<string, number>;

interface Missed {
  readonly guid: string;
  readonly what: string;
  firstAt: number;
  newest: DeliveryAttempt;
  /** The ids of its attempts: later rounds read only the newest ones. */
  readonly tried: Set<number>;
  state: 'open' | 'arrived' | 'given_up';
  hasArrived: boolean;
  /** The attempt after which an operator had it asked for again. */
  askedAfter?: number;
}

interface Listed {
  /** When the newest page was read, by the clock that the attempts are timed by. */
  readonly readAt: number;
  readonly attempts: readonly DeliveryAttempt[];
}

async function listSince({ deliveries, log }: DeliverySweepPorts, oldest: number): Promise<Listed> {
  const attempts: DeliveryAttempt[] = [];
  let from: string | undefined;
  let readAt = Number.POSITIVE_INFINITY;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const { attempts: more, next, readAt: pageReadAt } = await deliveries.list(from);
    readAt = Math.min(readAt, pageReadAt);
    attempts.push(...more.filter(({ at }) => at >= oldest));
    if (next === undefined || more.some(({ at }) => at < oldest)) return { readAt, attempts };
    from = next;
  }
  log.warn(
    { listed: attempts.length },
    'the log of deliveries is longer than is read at once; its oldest part is left',
  );
  return { readAt, attempts };
}

const refusedEveryTime = 'a delivery is refused every time and is given up';
const notAgain = 'a delivery cannot be made again and is given up';

/** Gives the reason where it makes no sense to ask again. */
async function askAgain(
  { store, deliveries, log }: DeliverySweepPorts,
  failures: Failures,
  delivery: Missed,
): Promise<string | undefined> {
  const { guid, what, newest } = delivery;
  const state = toState(delivery);
  const failed = failures.get(state) ?? 0;
  // Another process may read the same log at this moment.
  const name = `redeliver/${state}${failed === 0 ? '' : `/${failed}`}`;
  if (!(await store.claim(name, claimMs))) return undefined;
  try {
    await deliveries.redeliver(newest.id);
  } catch (error) {
    if (!(error instanceof ExternalError && error.retry === 'never')) {
      failures.set(state, failed + 1);
      throw error;
    }
    return notAgain;
  }
  log.info(
    { deliveryId: guid, what, attempts: countTries(delivery) },
    'a delivery that never arrived was asked for again',
  );
  return undefined;
}

async function giveUp({ lost, log }: DeliverySweepPorts, delivery: Missed, why: string): Promise<void> {
  const { guid, what, newest, firstAt: at } = delivery;
  const attempts = countTries(delivery);
  await lost.keep({ guid, attemptId: newest.id, what, attempts, why, at });
  delivery.state = 'given_up';
  log.error({ deliveryId: guid, what, attempts }, why);
}
