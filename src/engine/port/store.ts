// The store port: records, events, inbox, outbox and the due-index of subjects. Every method is one atomic step.

import type { OutboxEntry } from '../../core/model/action.ts';
import type { Decision, LogEntry } from '../../core/model/decision.ts';
import type { Event } from '../../core/model/event.ts';
import type { SubjectRecord } from '../../core/model/record.ts';
import type { InboxEntry } from '../../core/model/snapshot.ts';
import type { Repository, SubjectId } from '../../core/model/subject.ts';

export interface IntakeRequest {
  /** Delivery GUID and hook id: the same delivery twice is kept once. */
  readonly deliveryId: string;
  readonly hookId: string;
  readonly subject: SubjectId;
  readonly repository: Repository;
  readonly events: readonly { readonly id: string; readonly event: Event }[];
  /** The events matter only to a subject that exists already: elsewhere they are dropped. */
  readonly isOnlyForKnown: boolean;
}

export type IntakeResult =
  /** The subject that holds the events now (an alias may have led to another than the one asked for). */
  | { readonly kind: 'kept'; readonly subject: SubjectId }
  | { readonly kind: 'duplicate'; readonly subject: SubjectId }
  | { readonly kind: 'unknown_subject'; readonly subject: SubjectId };

/** What a subject is at this moment, read in one step. `now` is the store's clock in epoch ms. */
export interface LoadedSubject {
  readonly now: number;
  readonly version: number;
  readonly record: SubjectRecord | undefined;
  readonly inbox: readonly InboxEntry[];
  readonly outbox: readonly OutboxEntry[];
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly version: number }
  /** Somebody saved since it was loaded: nothing was written. */
  | { readonly kind: 'moved' }
  /** An event of the decision was handled before: nothing was written. */
  | { readonly kind: 'already_handled'; readonly eventId: string };

export type BeginResult =
  | { readonly kind: 'begun'; readonly token: string; readonly entry: OutboxEntry }
  | { readonly kind: 'refused'; readonly why: 'gone' | 'held' | 'superseded' | 'early' };

export interface LoggedEvent extends LogEntry {
  /** Gap-free and increasing per subject, from 1. */
  readonly sequence: number;
  readonly at: number;
}

export interface StorePort {
  /** Keeps what a webhook said, follows the alias, puts the subject into the due-index. All or nothing. */
  intake(request: IntakeRequest): Promise<IntakeResult>;
  /** Keeps what happened to an installation (no subject): newest state per installation, and a log. */
  intakeInstallation(request: {
    deliveryId: string;
    hookId: string;
    installationId: number;
    change: unknown;
  }): Promise<'kept' | 'duplicate'>;
  /** Keeps a result of ours; false when this event was kept or handled before. */
  append(subject: SubjectId, id: string, event: Event): Promise<boolean>;
  load(subject: SubjectId): Promise<LoadedSubject>;
  /**
   * One script: version check and handled check first, then record, gap-free log, inbox trimmed, outbox changed,
   * aliases set (what landed at the alias before is moved here), due-index set. A fault leaves nothing half-written.
   */
  save(subject: SubjectId, expectedVersion: number, decision: Decision): Promise<SaveResult>;
  /** Takes a pending action under a lease. `dispatch` must be the current one. */
  begin(subject: SubjectId, actionId: string, dispatch: number, leaseMs: number): Promise<BeginResult>;
  /** Extends the lease and reads the stop flag in one step. */
  heartbeat(
    subject: SubjectId,
    actionId: string,
    token: string,
    leaseMs: number,
  ): Promise<'held' | 'cancelled' | 'lost'>;
  /** Subjects that are due, each put off by `deferMs` so that sweepers do not pile up on one. */
  takeDue(limit: number, deferMs: number): Promise<readonly SubjectId[]>;
  readLog(subject: SubjectId, after: number): Promise<readonly LoggedEvent[]>;
  listSubjects(limit: number): Promise<readonly SubjectId[]>;
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
