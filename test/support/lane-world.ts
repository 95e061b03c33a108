// A small pure world around `decideLane`, as world-of-decisions.ts is around `decide`. A lane never takes anything back,
// so its outbox knows only what is added, handed out anew and done.
import { decideLane } from '../../src/core/lane/decide-lane.ts';
import type { Action, OutboxEntry } from '../../src/core/model/action.ts';
import type { OutboxChange } from '../../src/core/model/decision.ts';
import { type Event, type ResultEvent, toEventId } from '../../src/core/model/event.ts';
import { type LaneRecord, type LaneSnapshot, openLane } from '../../src/core/model/lane.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { InboxEntry } from '../../src/core/model/snapshot.ts';
import { toLaneId } from '../../src/core/model/subject.ts';
import { type Holder, leaseMs, repository, toResult } from './world-of-decisions.ts';

export class LaneWorld {
  now = 1_000_000;
  record: LaneRecord = openLane(repository, 'main');
  inbox: InboxEntry[] = [];
  outbox: OutboxEntry[] = [];
  wakeAt: number | undefined;
  readonly log: string[] = [];
  onLook: (before: LaneSnapshot, after: LaneRecord) => void = () => undefined;
  private readonly seen = new Set<string>();
  private counter = 0;

  put(event: Event): this {
    const eventId = toEventId(event);
    if (this.seen.has(eventId)) return this;
    this.seen.add(eventId);
    this.counter += 1;
    this.inbox.push({ entryId: `${this.counter}-0`, eventId, event });
    this.wakeAt = this.now;
    return this;
  }

  look(): this {
    const { now, record, inbox, outbox } = this;
    const lane = toLaneId(repository.host, repository.id, 'main');
    const snapshot: LaneSnapshot = structuredClone({ lane, now, record, inbox, outbox });
    const decision = decideLane(snapshot);
    this.onLook(snapshot, decision.record);
    this.record = decision.record;
    this.inbox = [];
    for (const { kind, text } of decision.log) this.log.push(`${kind}: ${text}`);
    for (const change of decision.outbox) this.change(change);
    this.wakeAt = decision.wakeAt;
    return this;
  }

  private change(change: OutboxChange): void {
    if (change.kind === 'add') {
      if (this.outbox.some(({ action }) => action.id === change.action.id)) return;
      const entry = { action: change.action, dispatch: 1, isSettling: false, state: { kind: 'pending' } } as const;
      this.outbox = [...this.outbox, entry];
    } else if (change.kind === 'remove') {
      this.outbox = this.outbox.filter(({ action }) => action.id !== change.id);
    } else if (change.kind === 'redispatch') {
      this.replace(change.id, { state: { kind: 'pending' }, dispatch: change.dispatch });
    }
  }

  private replace(id: string, changed: Partial<OutboxEntry>): void {
    this.outbox = this.outbox.map((entry) => (entry.action.id === id ? { ...entry, ...changed } : entry));
  }

  listOpen(): OutboxEntry[] {
    return this.outbox.filter(({ state }) => state.kind === 'pending');
  }

  /** What it says and has not got rid of yet. */
  listSaid(): Message[] {
    return this.outbox.flatMap(({ action }) => (action.kind === 'tell' ? [action.event] : []));
  }

  begin(id: string): Holder {
    const entry = this.listOpen().find(({ action }) => action.id === id);
    if (!entry) throw new Error(`no pending ${id}: ${JSON.stringify(this.outbox)}`);
    this.counter += 1;
    const holder = { action: entry.action, token: `token-${this.counter}` };
    const leaseUntil = this.now + leaseMs;
    this.replace(id, { state: { kind: 'begun', token: holder.token, leaseUntil, since: this.now, cancelled: false } });
    this.wakeAt = Math.min(this.wakeAt ?? leaseUntil, leaseUntil);
    return holder;
  }

  report(holder: Holder, outcome: ResultEvent['outcome']): this {
    return this.put(toResult(holder, outcome)).look();
  }

  /** Begins everything of a kind and says how it ended. */
  finish(kind: Action['kind'], outcome: ResultEvent['outcome']): this {
    for (const { action } of this.listOpen()) {
      if (action.kind === kind) this.report(this.begin(action.id), outcome);
    }
    return this;
  }

  /** Time passes; whoever holds something here gives no sign of life. */
  pass(ms: number): this {
    const end = this.now + ms;
    while (this.wakeAt !== undefined && this.wakeAt <= end) {
      this.now = Math.max(this.now, this.wakeAt);
      this.look();
      // What is pending is due every few seconds until somebody takes it: no news.
      if (this.inbox.length === 0 && this.wakeAt !== undefined && this.wakeAt <= this.now) break;
    }
    this.now = end;
    return this;
  }
}
