// The frame around every action: take it under a lease, keep the lease while it works, end it when it is cancelled or
// lost, and report its result as an event. What the action does itself is given as a function.
import type { Action } from '../core/model/action.ts';
import { type ResultEvent, toEventId } from '../core/model/event.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import type { SubjectId } from '../core/model/subject.ts';
import type { ClockPort } from './port/clock.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { StorePort } from './port/store.ts';

export interface CarryOutPorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly clock: ClockPort;
  readonly log: LogPort;
}

export interface Held<K extends Action['kind']> {
  readonly subject: SubjectId;
  readonly action: Extract<Action, { kind: K }>;
  readonly token: string;
  /** The record as it was when the action began. */
  readonly record: SubjectRecord;
  /** The action was cancelled and its first holder died: only what it did is read, nothing more is done. */
  readonly isSettling: boolean;
  /** Aborted when a stop asks for the end, or when the lease is lost. */
  readonly signal: AbortSignal;
}

/** Short enough that a stop is obeyed within a second or two, long enough to survive a busy event loop. */
const heartbeatMs = 1_000;
const leaseMs = 10_000;

export async function carryOut<K extends Action['kind']>(
  ports: CarryOutPorts,
  job: { readonly subject: SubjectId; readonly actionId: string; readonly dispatch: number; readonly kind: K },
  work: (held: Held<K>) => Promise<ResultEvent['outcome']>,
): Promise<void> {
  const begun = await ports.store.begin(job.subject, job.actionId, job.dispatch, leaseMs);
  if (begun.kind === 'refused') {
    ports.log.debug({ ...job, why: begun.why }, 'an action was not taken');
    return;
  }
  const { action } = begun.entry;
  const { record } = await ports.store.load(job.subject);
  if (action.kind !== job.kind || !record) throw new Error(`${job.actionId} is no ${job.kind}`);
  const ending = new AbortController();
  const beating = keepLease(ports, { ...job, token: begun.token }, ending);
  try {
    const held = {
      subject: job.subject,
      action: action as Held<K>['action'],
      token: begun.token,
      record,
      isSettling: begun.entry.isSettling,
      signal: ending.signal,
    };
    const outcome = await work(held);
    await report(ports, job.subject, toResult(job.kind, job.actionId, begun.token, outcome));
  } finally {
    beating.stop();
    await beating.ended;
  }
}

async function report(ports: CarryOutPorts, subject: SubjectId, event: ResultEvent): Promise<void> {
  await ports.store.append(subject, toEventId(event), event);
  await ports.queue.wake(subject);
}

interface Beating {
  readonly ended: Promise<void>;
  stop(): void;
}

function keepLease(
  ports: CarryOutPorts,
  hold: { subject: SubjectId; actionId: string; token: string },
  ending: AbortController,
): Beating {
  const stopped = new AbortController();
  const ended = beat(ports, hold, { ending, stopped: stopped.signal });
  return { ended, stop: () => stopped.abort() };
}

async function beat(
  ports: CarryOutPorts,
  hold: { subject: SubjectId; actionId: string; token: string },
  signals: { ending: AbortController; stopped: AbortSignal },
): Promise<void> {
  let heldAt = ports.clock.now();
  while (!signals.stopped.aborted) {
    await ports.clock.sleep(heartbeatMs, signals.stopped);
    if (signals.stopped.aborted) return;
    const askedAt = ports.clock.now();
    // Whoever cannot renew ends its work before somebody else may begin it, also when Redis only stays silent.
    const answer = await Promise.race([
      renew(ports, hold),
      giveUpAt(ports, heldAt + leaseMs - 2 * heartbeatMs, signals.stopped),
    ]);
    if (answer === 'held') heldAt = askedAt;
    else if (answer !== 'unknown') signals.ending.abort(answer);
  }
}

async function renew(
  ports: CarryOutPorts,
  { subject, actionId, token }: { subject: SubjectId; actionId: string; token: string },
): Promise<'held' | 'cancelled' | 'lost' | 'unknown'> {
  try {
    return await ports.store.heartbeat(subject, actionId, token, leaseMs);
  } catch (error) {
    ports.log.warn({ actionId, error: String(error) }, 'a lease could not be renewed');
    return 'unknown';
  }
}

async function giveUpAt(ports: CarryOutPorts, moment: number, stopped: AbortSignal): Promise<'lost' | 'unknown'> {
  await ports.clock.sleep(Math.max(0, moment - ports.clock.now()), stopped);
  return stopped.aborted ? 'unknown' : 'lost';
}

const eventKinds = {
  plan: 'planned',
  attempt: 'attempt_ended',
  integrate: 'integrated',
  pilot: 'piloted',
  verify: 'verified',
  publish_branch: 'branch_published',
  merge: 'merge_ended',
  prove_merge: 'merge_ended',
  archive: 'archived',
  present: 'presented',
} as const satisfies Record<Action['kind'], ResultEvent['kind']>;

function toResult(kind: Action['kind'], actionId: string, token: string, outcome: ResultEvent['outcome']): ResultEvent {
  // The pairing of kind and outcome is the table above; TypeScript cannot follow it through the generic.
  return { kind: eventKinds[kind], actionId, token, outcome } as ResultEvent;
}
