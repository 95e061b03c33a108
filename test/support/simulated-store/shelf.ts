// What the simulated store keeps. Everything that goes in is kept as JSON text and comes out as a copy, as from Redis.
import type { RecordId, SubjectId } from '../../../src/core/model/subject.ts';
import type { LoggedEvent } from '../../../src/engine/port/store.ts';
import type { KeptRecord } from './kept-record.ts';

/** An event as it was kept: the text is not read before somebody loads it. */
export interface KeptEvent {
  readonly entryId: string;
  readonly eventId: string;
  readonly text: string;
  readonly repository?: string;
  /** The action that a result is of. */
  readonly actionId?: string;
}

export interface KeptAction {
  readonly id: string;
  readonly action: string;
  dispatch: number;
  isSettling: boolean;
  readonly notBefore?: number;
  holder?: {
    readonly token: string;
    readonly since: number;
    leaseUntil: number;
    cancelled: boolean;
    readonly permits: readonly string[];
  };
  /** Names of permits that it waits for. */
  readonly waits: Set<string>;
}

export interface KeptParked {
  readonly id: string;
  readonly record: RecordId;
  readonly event: KeptEvent;
  readonly why: string;
  readonly at: number;
}

/** Everything of one record. */
export class Shelf {
  version = 0;
  schema = 0;
  record: KeptRecord | undefined;
  sequence = 0;
  told = 0;
  inbox: KeptEvent[] = [];
  /** `kept` and `parked`, or the moment at which an event was handled; `handled` where that does not matter any more. */
  readonly ids = new Map<string, 'kept' | 'parked' | 'handled' | number>();
  log: LoggedEvent[] = [];
  outbox: KeptAction[] = [];
  readonly trouble = new Map<string, number>();
  readonly live = new Map<string, { id: string; line: string }[]>();
  removedAt: number | undefined;
  /** Names under which it is counted. */
  census: readonly string[] = [];

  /** A record, or something that will make one. */
  get isKnown(): boolean {
    return this.version > 0 || this.inbox.length > 0;
  }
}

export interface PermitState {
  limit: number;
  /** Holder → end of its lease. */
  readonly held: Map<string, number>;
  /** Who waits → when it last asked, in the order of arrival. */
  readonly line: Map<string, { readonly asked: number; readonly ticket: number }>;
}

export interface KeptPot {
  readonly reserved: Map<string, number>;
  readonly settled: Map<string, number>;
  until: number;
}

export class Shelves {
  private lastTicket = 0;
  readonly shelves = new Map<RecordId, Shelf>();
  readonly aliases = new Map<RecordId, RecordId>();
  readonly due = new Map<RecordId, number>();
  readonly subjects = new Map<SubjectId, number>();
  readonly parked = new Map<string, KeptParked>();
  readonly permits = new Map<string, PermitState>();
  readonly pots = new Map<string, KeptPot>();
  /** Delivery → the hash of its body, for a while. */
  readonly deliveries = new Map<string, { readonly hash: string; readonly until: number }>();
  readonly requests = new Map<string, { readonly hash: string; answer?: string; until?: number }>();
  readonly clock: { now(): number };
  #counter = 0;

  constructor(clock: { now(): number }) {
    this.clock = clock;
  }

  get now(): number {
    return this.clock.now();
  }

  next(): number {
    this.#counter += 1;
    return this.#counter;
  }

  /** Reading makes nothing that anybody could see. */
  of(record: RecordId): Shelf {
    const shelf = this.shelves.get(record) ?? new Shelf();
    this.shelves.set(record, shelf);
    return shelf;
  }

  /** Whoever speaks for this record now. */
  resolve(record: RecordId): RecordId {
    const next = this.aliases.get(record);
    return next === undefined ? record : this.resolve(next);
  }

  /** Due at this moment at the latest. */
  nextTicket(): number {
    this.lastTicket += 1;
    return this.lastTicket;
  }

  makeDue(record: RecordId, moment: number): void {
    this.due.set(record, Math.min(this.due.get(record) ?? moment, moment));
  }
}
