// The frame around every action: take it under a lease, keep the lease while it works, end it when it is cancelled, lost
// or handed over, and report its result as an event. What the action does itself is given as a function.
import type { Action, OutboxEntry } from '../core/model/action.ts';
import type { ChoresRecord } from '../core/model/chores.ts';
import { type Event, type ResultEvent, toEventId } from '../core/model/event.ts';
import type { GroupRecord } from '../core/model/group.ts';
import type { LaneRecord } from '../core/model/lane.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { nothingSpent, type Spend } from '../core/model/spend.ts';
import {
  type ChoresId,
  type GroupId,
  isSubjectId,
  type LaneId,
  type RecordId,
  type SubjectId,
} from '../core/model/subject.ts';
import { ExternalError } from './external-error.ts';
import { keepLease, type Lease, leaseMs } from './keep-lease.ts';
import { loadRecord } from './load-record.ts';
import { permitsOf, type SlotLimits } from './permits-of.ts';
import type { ClockPort } from './port/clock.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { BeginResult, StorePort } from './port/store.ts';
import { toFaultOutcome } from './to-fault-outcome.ts';

export interface CarryOutPorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly clock: ClockPort;
  readonly log: LogPort;
  readonly limits: SlotLimits;
  /** Aborted when this process is about to end: long work is handed over, short work comes to its own end. */
  readonly draining: AbortSignal;
}

type OfGroup = 'read_group' | 'verify_group' | 'show_group';
type OfChores = 'propose_settings' | 'propose_notes' | 'look_at_pulls';

/** Whose actions these are: a lane's, a group's, those of the chores, a subject's, or anybody's. */
type OwnerOf<K extends Action['kind']> = K extends 'settle_lane'
  ? LaneId
  : K extends OfChores
    ? ChoresId
    : K extends OfGroup
      ? GroupId
      : K extends 'tell'
        ? RecordId
        : SubjectId;
type RecordOf<K extends Action['kind']> = K extends 'settle_lane'
  ? LaneRecord
  : K extends OfChores
    ? ChoresRecord
    : K extends OfGroup
      ? GroupRecord
      : K extends 'tell'
        ? LaneRecord | GroupRecord | ChoresRecord | SubjectRecord
        : SubjectRecord;

export interface Held<K extends Action['kind']> {
  readonly subject: OwnerOf<K>;
  readonly action: Extract<Action, { kind: K }>;
  readonly token: string;
  /** The record as it was when the action began. */
  readonly record: RecordOf<K>;
  /** The action was cancelled and its first holder died: only what it did is read, nothing more is done. */
  readonly isSettling: boolean;
  /** What the action has used so far: it is owed, whatever fails afterwards. */
  readonly spent: { spend: Spend };
  /** Aborted when a stop asks for the end, when the lease is lost, or when the work is to be handed over. */
  readonly signal: AbortSignal;
  /** Asked right before something that cannot be taken back, such as a push or a merge: see `Lease`. */
  stillHolds(): boolean;
  /** Asked where a stop comes too late, between a push and its pull request: see `Lease`. */
  mayBeReplaced(): boolean;
  /** Asked right before an agent starts: see `Lease`. */
  isStillWanted(): Promise<boolean>;
  /** Tells the decision something that it has to know before the result. */
  inform(event: Event): Promise<void>;
}

interface Job<K extends Action['kind']> {
  readonly subject: RecordId;
  readonly actionId: string;
  readonly dispatch: number;
  readonly kind: K;
}

type Work<K extends Action['kind']> = (held: Held<K>) => Promise<ResultEvent['outcome']>;

/** Work for minutes, which a process that ends cannot wait for. Everything else is let to its end. */
const longKinds: readonly Action['kind'][] = [
  'plan',
  'pilot',
  'attempt',
  'baseline',
  'integrate',
  'acceptance',
  'verify',
  'repair',
  'review',
  'verify_group',
];

export async function carryOut<K extends Action['kind']>(
  ports: CarryOutPorts,
  job: Job<K>,
  work: Work<K>,
): Promise<void> {
  const isLong = longKinds.includes(job.kind);
  if (isLong && ports.draining.aborted) return;
  const before = await loadRecord(ports.store, job.subject);
  // What a newer version asked for is not ours to do.
  if (before.isNewer || !before.record) return ports.log.debug({ ...job }, 'an action was left alone');
  const askedAt = ports.clock.now();
  const permits = permitsOf(ports.limits, job.kind, before.record.repository);
  const begun = await ports.store.begin(job.subject, job.actionId, job.dispatch, leaseMs, permits);
  if (begun.kind === 'refused') return await explainRefusal(ports, job, begun);
  const lease = keepLease(ports, { ...job, token: begun.token, askedAt });
  const handOver = () => lease.abort('handover');
  if (isLong) ports.draining.addEventListener('abort', handOver, { once: true });
  try {
    const outcome = await workOn(ports, { job, begun, lease }, work);
    await report(ports, job.subject, toResult(job.kind, job.actionId, begun.token, outcome));
  } finally {
    ports.draining.removeEventListener('abort', handOver);
    await lease.end();
  }
}

async function explainRefusal(
  ports: CarryOutPorts,
  job: Job<Action['kind']>,
  refused: Extract<BeginResult, { kind: 'refused' }>,
): Promise<void> {
  ports.log.debug({ ...job, ...refused }, 'an action was not taken');
  if (refused.why !== 'full' || !isSubjectId(job.subject)) return;
  // Nothing is wrong: it is handed out again when its turn comes. Who looks at it may want to know why nothing moves.
  const line = `waits for a place (${refused.permit}); before it: ${refused.ahead}`;
  await ports.store.appendLive(job.subject, job.actionId, line).catch(() => undefined);
}

interface Taken<K extends Action['kind']> {
  readonly job: Job<K>;
  readonly begun: { readonly token: string; readonly entry: OutboxEntry };
  readonly lease: Lease;
}

async function workOn<K extends Action['kind']>(
  ports: CarryOutPorts,
  { job, begun, lease }: Taken<K>,
  work: Work<K>,
): Promise<ResultEvent['outcome']> {
  const { action, isSettling } = begun.entry;
  const spent = { spend: nothingSpent };
  try {
    const { record } = await loadRecord(ports.store, job.subject);
    if (action.kind !== job.kind || !record) throw new Error(`${job.actionId} is no ${job.kind}`);
    const outcome = await work({
      // Whose it is follows from the kind of the action, which TypeScript cannot follow through the generic.
      subject: job.subject as Held<K>['subject'],
      action: action as Held<K>['action'],
      token: begun.token,
      record: record as Held<K>['record'],
      isSettling,
      spent,
      signal: lease.signal,
      stillHolds: lease.stillHolds,
      mayBeReplaced: lease.mayBeReplaced,
      isStillWanted: lease.isStillWanted,
      inform: (event) => report(ports, job.subject, event),
    });
    return toHandedOver(job.kind, lease, outcome);
  } catch (error) {
    const outcome = error instanceof ExternalError ? undefined : toFaultOutcome(job.kind, error, spent.spend);
    if (!outcome) throw error;
    ports.log.error({ ...job, error: error instanceof Error ? error.stack : String(error) }, 'an action met a bug');
    return outcome;
  }
}

function toHandedOver(
  kind: Action['kind'],
  { signal }: Lease,
  outcome: ResultEvent['outcome'],
): ResultEvent['outcome'] {
  const isHandedOver = kind === 'attempt' && outcome.kind === 'stopped' && signal.reason === 'handover';
  return isHandedOver ? ({ ...outcome, reason: 'handover' } as ResultEvent['outcome']) : outcome;
}

const reportPauseMs = 250;
/** A result that comes later than its lease counts all the same, unless somebody was given the action in between. */
const reportPatienceMs = 60_000;

/** What was worked out is not given up for a Redis that is away for a moment. */
async function report(ports: CarryOutPorts, subject: RecordId, event: Event): Promise<void> {
  const deadline = ports.clock.now() + reportPatienceMs;
  for (;;) {
    try {
      await ports.store.append(subject, toEventId(event), event);
      break;
    } catch (error) {
      if (ports.clock.now() >= deadline) throw error;
      ports.log.warn({ subject, event: toEventId(event), error: String(error) }, 'a result could not be kept yet');
      await ports.clock.sleep(reportPauseMs);
    }
  }
  await ports.queue.wake(subject).catch((error: unknown) => {
    ports.log.warn({ subject, error: String(error) }, 'a wake was not queued; the sweeper will find it');
  });
}

const eventKinds = {
  plan: 'planned',
  attempt: 'attempt_ended',
  baseline: 'baseline_checked',
  integrate: 'integrated',
  acceptance: 'acceptance_judged',
  pilot: 'piloted',
  verify: 'verified',
  repair: 'conflict_resolved',
  resolve: 'conflict_resolved',
  review: 'reviewed',
  publish_branch: 'branch_published',
  merge: 'merge_ended',
  prove_merge: 'merge_ended',
  archive: 'archived',
  present: 'presented',
  tell: 'told',
  settle_lane: 'lane_settled',
  read_group: 'group_read',
  verify_group: 'group_verified',
  show_group: 'group_shown',
  propose_settings: 'settings_proposed',
  propose_notes: 'notes_proposed',
  look_at_pulls: 'pulls_seen',
} as const satisfies Record<Action['kind'], ResultEvent['kind']>;

function toResult(kind: Action['kind'], actionId: string, token: string, outcome: ResultEvent['outcome']): ResultEvent {
  // The pairing of kind and outcome is the table above; TypeScript cannot follow it through the generic.
  return { kind: eventKinds[kind], actionId, token, outcome } as ResultEvent;
}
