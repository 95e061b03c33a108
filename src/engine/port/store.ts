// The store port: records, events, inbox, outbox and the due-index of subjects, lanes and chores, and what they share: permits,
// token buckets and pots. Every method is one atomic step that checks everything first and writes only after.
import type { OutboxEntry } from '../../core/model/action.ts';
import type { ChoresRecord } from '../../core/model/chores.ts';
import type { ApiAnswer, Decision, LogEntry, PotState } from '../../core/model/decision.ts';
import type { Event } from '../../core/model/event.ts';
import type { GroupRecord } from '../../core/model/group.ts';
import type { LaneRecord } from '../../core/model/lane.ts';
import type { SubjectRecord } from '../../core/model/record.ts';
import type { InboxEntry } from '../../core/model/snapshot.ts';
import type { ChoresId, GroupId, LaneId, RecordId, Repository, SubjectId } from '../../core/model/subject.ts';

export interface IntakeRequest {
  /** Delivery GUID and hook id: the same delivery twice is kept once. */
  readonly deliveryId: string;
  readonly hookId: string;
  /** SHA-256 of the delivery's raw body: a known delivery with another body is refused. */
  readonly bodyHash: string;
  readonly subject: RecordId;
  readonly repository: Repository;
  readonly events: readonly { readonly id: string; readonly event: Event }[];
  /** The events matter only to a subject that exists already: elsewhere they are dropped. */
  readonly isOnlyForKnown: boolean;
}

export type IntakeResult =
  /** The subject that holds the events now (an alias may have led to another than the one asked for). */
  | { readonly kind: 'kept'; readonly subject: RecordId }
  | { readonly kind: 'duplicate'; readonly subject: RecordId }
  /** The delivery is known with another body: nothing was kept. */
  | { readonly kind: 'mismatch'; readonly subject: RecordId }
  | { readonly kind: 'unknown_subject'; readonly subject: RecordId };

export interface CountedIntakeRequest extends Pick<IntakeRequest, 'deliveryId' | 'hookId' | 'bodyHash' | 'repository'> {
  /** A name of the census. */
  readonly name: string;
  readonly event: { readonly id: string; readonly event: Event };
}

export type CountedIntakeResult =
  /** Everybody who is counted under the name has the event now. */
  | { readonly kind: 'kept'; readonly records: readonly RecordId[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'mismatch' }
  /** Nobody is counted under the name: nothing was kept, not even that it was delivered. */
  | { readonly kind: 'nobody' };

/** What a record is at this moment, read in one step. `now` is the store's clock in epoch ms. */
export interface Loaded<R> {
  readonly now: number;
  readonly version: number;
  readonly record: R | undefined;
  /** The record was written by a newer version of the product: it is left alone, and the rest here is empty. */
  readonly isNewer: boolean;
  readonly inbox: readonly InboxEntry[];
  /** Entries of the inbox that no known event can be read from: to be parked. */
  readonly unreadable: readonly UnreadableEntry[];
  readonly outbox: readonly OutboxEntry[];
}
export interface UnreadableEntry {
  /** Begins with the moment at which it was kept (epoch ms, by the clock of the store). */
  readonly entryId: string;
  readonly eventId: string;
  readonly why: string;
  /** Of a kind that this version does not know: a newer one wrote it, and can read it. */
  readonly isNewer?: boolean;
}
export type LoadedSubject = Loaded<SubjectRecord>;
export type LoadedLane = Loaded<LaneRecord>;
export type LoadedGroup = Loaded<GroupRecord>;
export type LoadedChores = Loaded<ChoresRecord>;

export type SaveResult =
  | { readonly kind: 'saved'; readonly version: number }
  /** Somebody saved since it was loaded: nothing was written. */
  | { readonly kind: 'moved' }
  /** Everybody who may be counted under this name is, and the record is not among them: nothing was written. */
  | { readonly kind: 'full'; readonly name: string }
  /** This pot has not enough left for what the decision reserves: nothing was written. `held` is what it holds now. */
  | { readonly kind: 'over'; readonly pot: string; readonly held: PotState }
  /** An event of the decision was handled before: nothing was written. */
  | { readonly kind: 'already_handled'; readonly eventId: string };

/** A place among at most `limit` holders of this name, over all hosts. */
export interface Permit {
  readonly name: string;
  readonly limit: number;
}

export type BeginResult =
  | { readonly kind: 'begun'; readonly token: string; readonly entry: OutboxEntry }
  | { readonly kind: 'refused'; readonly why: 'gone' | 'held' | 'superseded' | 'early' }
  /** No permit of this name is free; `ahead` wait before it. The record is due again as soon as its turn comes. */
  | { readonly kind: 'refused'; readonly why: 'full'; readonly permit: string; readonly ahead: number };

export interface LoggedEvent extends LogEntry {
  /** Gap-free and increasing per record, from 1. */
  readonly sequence: number;
  readonly at: number;
}

export interface LogSlice {
  readonly events: readonly LoggedEvent[];
  /** Sequence of the oldest event that is still kept; 1 while nothing was trimmed. */
  readonly floor: number;
}

/** An event that could not be decided on, set aside so that the others go on. */
export interface ParkedEvent {
  readonly id: string;
  readonly record: RecordId;
  readonly eventId: string;
  readonly why: string;
  readonly at: number;
  /** As it was kept, unparsed. */
  readonly event: unknown;
}

export interface BucketRequest {
  readonly name: string;
  readonly capacity: number;
  readonly perSecond: number;
  readonly amount: number;
  /** Tokens that must be left afterwards for whoever is more important. */
  readonly leave: number;
}

export type BucketAnswer =
  | { readonly kind: 'taken' }
  /** Epoch ms, by the store's clock, at which enough will have been refilled. */
  | { readonly kind: 'wait'; readonly until: number };

export type SubmitResult =
  | { readonly kind: 'kept' }
  /** The same request is known and not answered yet. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'answered'; readonly answer: ApiAnswer }
  /** The key was used with another body. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'unknown_subject' };

export interface StorePort {
  /** Keeps what a webhook said, follows the alias, puts the subject into the due-index. All or nothing. */
  intake(request: IntakeRequest): Promise<IntakeResult>;
  /** Keeps what a webhook said for every record that is counted under a name, and puts each into the due-index. All or nothing. */
  intakeForCounted(request: CountedIntakeRequest): Promise<CountedIntakeResult>;
  /** Keeps what happened to an installation (no subject) for the ledger of deletions. */
  intakeInstallation(request: {
    deliveryId: string;
    hookId: string;
    bodyHash: string;
    installationId: number;
    change: unknown;
  }): Promise<'kept' | 'duplicate' | 'mismatch'>;
  /**
   * Keeps a result or a message of ours; false when this event was kept or handled before, and when there is nothing that
   * it could belong to: a record that was removed does not come back by what was still under way. Only a lane
   * and chores may begin with a message.
   */
  append(record: RecordId, id: string, event: Event): Promise<boolean>;
  /** All three throw `UnreadableRecord` where what is kept makes no sense to this version. */
  load(subject: SubjectId): Promise<LoadedSubject>;
  loadLane(lane: LaneId): Promise<LoadedLane>;
  loadGroup(group: GroupId): Promise<LoadedGroup>;
  loadChores(chores: ChoresId): Promise<LoadedChores>;
  /**
   * One script: version check and handled check first, then record, gap-free log, inbox trimmed, outbox changed,
   * answers kept, aliases set (what landed at the alias before is moved here), due-index set, the record counted under
   * the names that the decision says and no other, and its reservations settled and made. A fault leaves nothing half-written. An action that leaves the outbox gives its permits back, and whoever waits for them becomes due.
   */
  save(record: RecordId, expectedVersion: number, decision: Decision<unknown>): Promise<SaveResult>;
  /**
   * Takes a pending action under a lease. `dispatch` must be the current one. All permits are taken with it or none;
   * they are held as long as the lease, and who asked first is served first. Whoever waits for one is due again at the
   * latest after twenty seconds and has to ask again within a minute, or it loses its place.
   */
  begin(
    record: RecordId,
    actionId: string,
    dispatch: number,
    leaseMs: number,
    permits?: readonly Permit[],
  ): Promise<BeginResult>;
  /**
   * Extends the lease and its permits and reads the stop flag in one step. A holder that was late and whose permit has
   * gone to somebody else has lost its action too.
   */
  heartbeat(record: RecordId, actionId: string, token: string, leaseMs: number): Promise<'held' | 'cancelled' | 'lost'>;
  /**
   * The version with which a decision last told something to whoever is at work for the record; 0 while none did. Asked by
   * each of them every second, so it reads nothing else.
   */
  readTold(record: RecordId): Promise<number>;
  /** Records that are due, each put off by `deferMs` so that sweepers do not pile up on one. */
  takeDue(limit: number, deferMs: number): Promise<readonly RecordId[]>;
  /**
   * Sets when the record is due next (undefined: not before something comes) without a decision on it. Given the version
   * that was looked at, it is refused when somebody saved since or when something is in the inbox; without one it holds
   * whatever waits there.
   */
  lookAgainAt(record: RecordId, moment: number | undefined, version?: number): Promise<boolean>;

  /**
   * Counts one more failed decision on an event; gives how many there were. A count ends with the first save after which
   * its name is no event in the inbox.
   */
  countTrouble(record: RecordId, eventId: string): Promise<number>;
  /** Takes an event out of the inbox and sets it aside; false when it is not in the inbox any more. */
  park(record: RecordId, entryId: string, why: string): Promise<boolean>;
  /** Newest first. */
  listParked(limit: number): Promise<readonly ParkedEvent[]>;
  /** Puts a parked event back into its inbox; false when it is parked no more. */
  replayParked(id: string): Promise<boolean>;

  takeTokens(request: BucketRequest): Promise<BucketAnswer>;
  /** What is in these pots. One is forgotten three days after it was last reserved from or settled. */
  readPots(names: readonly string[]): Promise<Readonly<Record<string, PotState>>>;
  /** True for the first caller within `ttlMs`. */
  claim(name: string, ttlMs: number): Promise<boolean>;

  /**
   * Keeps a request of the API once per idempotency key; the answer comes with the decision that takes it. A key is one
   * name over all subjects.
   */
  submit(request: { subject: SubjectId; key: string; bodyHash: string; event: Event }): Promise<SubmitResult>;

  /** Events after `after`, at most `limit`. */
  readLog(record: RecordId, after: number, limit?: number): Promise<readonly LoggedEvent[]>;
  /** Like `readLog`, and from where on the log is kept. */
  readLogSlice(record: RecordId, after: number, limit: number): Promise<LogSlice>;
  /** Newest first, from the `skip`-th on. */
  listSubjects(limit: number, skip?: number): Promise<readonly SubjectId[]>;
  /** Everything that is kept of one repository. */
  listRecords(host: string, repositoryId: number): Promise<readonly RecordId[]>;
  /**
   * Ends a record for good: streams get a last event of kind `deleted`, holders of its actions lose their leases, and
   * nothing of it is kept but the deliveries already seen. Given a version, only a record that is still at it and for which
   * nothing waits is ended: false when it is not.
   */
  remove(record: RecordId, version?: number): Promise<boolean>;
  /** What an agent shows while it works: capped, best effort, never read by a decision. */
  appendLive(subject: SubjectId, actionId: string, line: string): Promise<void>;
  readLive(
    subject: SubjectId,
    actionId: string,
    after: string,
  ): Promise<readonly { readonly id: string; readonly line: string }[]>;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}
