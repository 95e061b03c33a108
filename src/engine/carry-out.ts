// The frame around every action: take it under a lease, keep the lease while it works, end it when it is cancelled or
// lost, and report its result as an event. What the action does itself is given as a function.
import type { Action } from '../core/model/action.ts';
import { type ResultEvent, toEventId } from '../core/model/event.ts';
import type { LaneRecord } from '../core/model/lane.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { isLaneId, type LaneId, type RecordId, type SubjectId } from '../core/model/subject.ts';
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

/** Whose actions these are: a lane's, a subject's, or either's. */
type OwnerOf<K extends Action['kind']> = K extends 'settle_lane' ? LaneId : K extends 'tell' ? RecordId : SubjectId;
type RecordOf<K extends Action['kind']> = K extends 'settle_lane'
  ? LaneRecord
  : K extends 'tell'
    ? LaneRecord | SubjectRecord
    : SubjectRecord;

export interface Held<K extends Action['kind']> {
  readonly subject: OwnerOf<K>;
  readonly action: Extract<Action, { kind: K }>;
  readonly token: string;
  /** The record as it was when the action began. */
  readonly record: RecordOf<K>;
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
  job: { readonly subject: RecordId; readonly actionId: string; readonly dispatch: number; readonly kind: K },
  work: (held: Held<K>) => Promise<ResultEvent['outcome']>,
): Promise<void> {
  const begun = await ports.store.begin(job.subject, job.actionId, job.dispatch, leaseMs);
  if (begun.kind === 'refused') {
    ports.log.debug({ ...job, why: begun.why }, 'an action was not taken');
    return;
  }
  const { action } = begun.entry;
  const { record } = await loadOwner(ports.store, job.subject);
  if (action.kind !== job.kind || !record) throw new Error(`${job.actionId} is no ${job.kind}`);
  const ending = new AbortController();
  const beating = keepLease(ports, { ...job, token: begun.token }, ending);
  try {
    const held = {
      // Whose it is follows from the kind of the action, which TypeScript cannot follow through the generic.
      subject: job.subject as Held<K>['subject'],
      action: action as Held<K>['action'],
      token: begun.token,
      record: record as Held<K>['record'],
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

async function loadOwner(store: StorePort, id: RecordId) {
  return isLaneId(id) ? await store.loadLane(id) : await store.load(id);
}

async function report(ports: CarryOutPorts, subject: RecordId, event: ResultEvent): Promise<void> {
  await ports.store.append(subject, toEventId(event), event);
  await ports.queue.wake(subject);
}

interface Beating {
  readonly ended: Promise<void>;
  stop(): void;
}

function keepLease(
  ports: CarryOutPorts,
  hold: { subject: RecordId; actionId: string; token: string },
  ending: AbortController,
): Beating {
  const stopped = new AbortController();
  const ended = beat(ports, hold, { ending, stopped: stopped.signal });
  return { ended, stop: () => stopped.abort() };
}

async function beat(
  ports: CarryOutPorts,
  hold: { subject: RecordId; actionId: string; token: string },
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
  { subject, actionId, token }: { subject: RecordId; actionId: string; token: string },
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
  present: 'presented',
  tell: 'told',
  settle_lane: 'lane_settled',
} as const satisfies Record<Action['kind'], ResultEvent['kind']>;

function toResult(kind: Action['kind'], actionId: string, token: string, outcome: ResultEvent['outcome']): ResultEvent {
  // The pairing of kind and outcome is the table above; TypeScript cannot follow it through the generic.
  return { kind: eventKinds[kind], actionId, token, outcome } as ResultEvent;
}
