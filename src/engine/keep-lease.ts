// Keeps the lease of one action while its holder works, and ends the work when it is cancelled or can no longer be
// sure of it: a holder that cannot renew stops before anybody else may begin.
import type { RecordId } from '../core/model/subject.ts';
import type { ClockPort } from './port/clock.ts';
import type { LogPort } from './port/log.ts';
import type { StorePort } from './port/store.ts';

export interface LeasePorts {
  readonly store: StorePort;
  readonly clock: ClockPort;
  readonly log: LogPort;
}

/** `handover`: this process ends, and another is to begin anew. */
export type EndReason = 'cancelled' | 'lost' | 'handover';

export interface Lease {
  /** Aborted with an `EndReason`. */
  readonly signal: AbortSignal;
  /**
   * Whether nobody else can have begun the action at this very moment. Timers of a process that was held up come late,
   * so this is asked right before something that cannot be taken back.
   */
  stillHolds(): boolean;
  /**
   * Whether somebody else may have begun it, whatever else ended the work. A stop does not take back what is half done
   * outside: its holder comes to the end of it, and only one that was replaced does not.
   */
  mayBeReplaced(): boolean;
  /**
   * Renews at once and obeys the answer. Asked right before something that a stop must keep from starting: the next
   * heartbeat would tell of the stop only after it.
   */
  isStillWanted(): Promise<boolean>;
  abort(reason: EndReason): void;
  /** Stops renewing; resolves when no renewal is under way. */
  end(): Promise<void>;
}

/** Short enough that a stop is obeyed within a second or two, long enough to survive a busy event loop. */
const heartbeatMs = 1_000;
export const leaseMs = 10_000;
/** What is left of a lease when work on it ends: enough for processes to die. */
const safetyMs = 2_000;

interface Hold {
  readonly subject: RecordId;
  readonly actionId: string;
  readonly token: string;
  /** Before the lease was asked for: it cannot have begun earlier. */
  readonly askedAt: number;
}

export function keepLease(ports: LeasePorts, hold: Hold): Lease {
  const ending = new AbortController();
  const stopped = new AbortController();
  const held = { until: hold.askedAt + leaseMs - safetyMs };
  const abort = (reason: EndReason) => ending.abort(reason);
  const mayBeReplaced = () => ports.clock.now() >= held.until;
  const beating: Beating = { held, abort, stopped: stopped.signal };
  const ended = beat(ports, hold, beating);
  return {
    signal: ending.signal,
    abort,
    stillHolds() {
      if (mayBeReplaced()) abort('lost');
      return !ending.signal.aborted;
    },
    mayBeReplaced,
    async isStillWanted() {
      await renewAndObey(ports, hold, beating);
      return !ending.signal.aborted;
    },
    async end() {
      // With a reason of its own: the usual one is an error with a stack, for each action that comes to its end.
      stopped.abort('ended');
      await ended;
    },
  };
}

interface Beating {
  readonly held: { until: number };
  readonly abort: (reason: EndReason) => void;
  readonly stopped: AbortSignal;
}

async function beat(ports: LeasePorts, hold: Hold, beating: Beating): Promise<void> {
  for (;;) {
    await ports.clock.sleep(heartbeatMs, beating.stopped);
    if (beating.stopped.aborted) return;
    await renewAndObey(ports, hold, beating);
  }
}

async function renewAndObey(ports: LeasePorts, hold: Hold, { held, abort, stopped }: Beating): Promise<void> {
  const askedAt = ports.clock.now();
  // Also when Redis only stays silent.
  const answer = await Promise.race([renew(ports, hold), giveUpAt(ports, held.until, stopped)]);
  if (answer === 'held' || answer === 'cancelled') held.until = askedAt + leaseMs - safetyMs;
  if (answer === 'lost') held.until = Number.NEGATIVE_INFINITY;
  if (answer === 'lost' || answer === 'cancelled') abort(answer);
  // A store that fails at once is always faster than the moment that is waited for.
  if (ports.clock.now() >= held.until) abort('lost');
}

async function renew(
  ports: LeasePorts,
  { subject, actionId, token }: Hold,
): Promise<'held' | 'cancelled' | 'lost' | 'unknown'> {
  try {
    return await ports.store.heartbeat(subject, actionId, token, leaseMs);
  } catch (error) {
    ports.log.warn({ actionId, error: String(error) }, 'a lease could not be renewed');
    return 'unknown';
  }
}

async function giveUpAt(ports: LeasePorts, moment: number, stopped: AbortSignal): Promise<'lost' | 'unknown'> {
  await ports.clock.sleep(Math.max(0, moment - ports.clock.now()), stopped);
  return stopped.aborted ? 'unknown' : 'lost';
}
