// GitHub never repeats a delivery by itself. Its log of deliveries is read every few minutes, and whatever never got
// through is asked for once more: it comes as a webhook again, and intake keeps it once, however often it comes.
import { ExternalError } from './external-error.ts';
import type { ClockPort } from './port/clock.ts';
import type { DeliveryAttempt, DeliveryLogPort } from './port/delivery-log.ts';
import type { LogPort } from './port/log.ts';
import type { StorePort } from './port/store.ts';

export interface DeliverySweepPorts {
  readonly deliveries: DeliveryLogPort;
  readonly store: Pick<StorePort, 'claim'>;
  readonly clock: Pick<ClockPort, 'now'>;
  readonly log: LogPort;
}

/** How far back GitHub can deliver again. */
export const redeliveryWindowMs = 3 * 24 * 3_600_000;

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

export interface DeliverySweep {
  /** One round. Throws ExternalError when the log cannot be read, or something not be asked for; then nothing is forgotten. */
  run(): Promise<void>;
}

/** Remembers up to where everything got through, so that a round reads only what is new. */
export function createDeliverySweep(ports: DeliverySweepPorts): DeliverySweep {
  let goodUntil = 0;
  // Later rounds read only its newest attempts, by which it would look like one that was hardly tried.
  const givenUp = new Map<string, number>();
  const failures: Failures = new Map();
  return {
    async run() {
      const { readAt, attempts } = await listSince(ports, Math.max(ports.clock.now() - redeliveryWindowMs, goodUntil));
      const missed = findMissed(attempts).filter(({ guid }) => !givenUp.has(guid));
      const isTime = ({ attempts: tries }: Missed) => readAt >= (tries[0]?.at ?? 0) + toPauseMs(tries.length);
      const troubles: unknown[] = [];
      for (const delivery of missed.filter(isTime)) {
        try {
          const why =
            delivery.attempts.length >= attemptsAtMost ? refusedEveryTime : await askAgain(ports, failures, delivery);
          if (why !== undefined) giveUp(ports, givenUp, delivery, why);
        } catch (error) {
          // It may be this one alone: the others are asked for as well, unless nobody is to ask or nobody answers.
          troubles.push(error);
          if (!(error instanceof ExternalError && error.retry === 'soon') || troubles.length === troublesAtMost) break;
        }
      }
      if (troubles.length > 0) throw troubles[0];
      for (const [guid, firstAt] of givenUp) if (firstAt < readAt - redeliveryWindowMs) givenUp.delete(guid);
      for (const state of failures.keys())
        if (!missed.some(({ guid, attempts: tries }) => state === `${guid}/${tries.length}`)) failures.delete(state);
      const open = missed.filter(({ guid }) => !givenUp.has(guid)).map(({ firstAt }) => firstAt);
      goodUntil = Math.min(readAt, ...open) - overlapMs;
    },
  };
}

function toPauseMs(attempts: number): number {
  return attempts < 2 ? 0 : Math.min(pauseMs * 2 ** (attempts - 2), pauseAtMostMs);
}

/** How often asking for each state of a delivery failed here: the claim of a request that was not made holds up nobody. */
type Failures = Map<string, number>;

interface Missed {
  readonly guid: string;
  readonly what: string;
  readonly firstAt: number;
  /** Newest first. */
  readonly attempts: readonly DeliveryAttempt[];
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

/** Oldest first, so that what was said first arrives first. */
function findMissed(attempts: readonly DeliveryAttempt[]): Missed[] {
  const missed = [...Map.groupBy(attempts, ({ guid }) => guid)].flatMap(([guid, tries]): Missed[] => {
    if (tries.some(({ isOk }) => isOk)) return [];
    const firstAt = Math.min(...tries.map(({ at }) => at));
    return [{ guid, what: tries[0]?.what ?? '', firstAt, attempts: tries }];
  });
  return missed.sort((one, other) => one.firstAt - other.firstAt);
}

const refusedEveryTime = 'a delivery is refused every time and is given up';

/** Gives the reason where it makes no sense to ask again. */
async function askAgain(
  { store, deliveries, log }: DeliverySweepPorts,
  failures: Failures,
  delivery: Missed,
): Promise<string | undefined> {
  const { guid, what, attempts } = delivery;
  const [newest] = attempts;
  const state = `${guid}/${attempts.length}`;
  const failed = failures.get(state) ?? 0;
  // Another process may read the same log at this moment.
  const name = `redeliver/${state}${failed === 0 ? '' : `/${failed}`}`;
  if (!newest || !(await store.claim(name, claimMs))) return undefined;
  try {
    await deliveries.redeliver(newest.id);
  } catch (error) {
    if (!(error instanceof ExternalError && error.retry === 'never')) {
      failures.set(state, failed + 1);
      throw error;
    }
    return 'a delivery cannot be made again and is given up';
  }
  log.info({ deliveryId: guid, what, attempts: attempts.length }, 'a delivery that never arrived was asked for again');
  return undefined;
}

function giveUp(
  { log }: DeliverySweepPorts,
  givenUp: Map<string, number>,
  { guid, what, attempts, firstAt }: Missed,
  why: string,
): void {
  givenUp.set(guid, firstAt);
  log.error({ deliveryId: guid, what, attempts: attempts.length }, why);
}
