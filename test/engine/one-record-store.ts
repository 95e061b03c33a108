// A store that holds one record in memory and counts what is asked of it: enough to look at a loop of the engine.
import type { OutboxEntry } from '../../src/core/model/action.ts';
import type { Decision } from '../../src/core/model/decision.ts';
import type { Event } from '../../src/core/model/event.ts';
import type { InboxEntry } from '../../src/core/model/snapshot.ts';
import type { Loaded, StorePort } from '../../src/engine/port/store.ts';

export class OneRecordStore<R> {
  now = 1_000_000;
  version = 1;
  record: R | undefined;
  isNewer = false;
  inbox: InboxEntry[] = [];
  unreadable: Loaded<R>['unreadable'][number][] = [];
  outbox: OutboxEntry[] = [];
  readonly parked: { eventId: string; why: string }[] = [];
  readonly saves: Decision<R>[] = [];
  readonly lookedAgainAt: { moment: number | undefined; version: number | undefined }[] = [];
  readonly claimed = new Set<string>();
  readonly troubles = new Map<string, number>();
  loads = 0;

  constructor(record: R | undefined) {
    this.record = record;
  }

  keep(eventId: string, event: Event): void {
    this.inbox.push({ entryId: `entry-${eventId}`, eventId, event });
  }

  load = async (): Promise<Loaded<R>> => {
    this.loads += 1;
    const { now, version, record, isNewer } = this;
    return {
      now,
      version,
      record,
      isNewer,
      inbox: [...this.inbox],
      unreadable: [...this.unreadable],
      outbox: [...this.outbox],
    };
  };

  /** The part of the port that a look needs; anything else that is asked for is a mistake of the test. */
  get port(): StorePort {
    const part: Partial<StorePort> = {
      save: async (_record, expected, decision) => {
        if (expected !== this.version) return { kind: 'moved' };
        this.version += 1;
        this.record = decision.record as R;
        this.saves.push(decision as Decision<R>);
        this.inbox = this.inbox.filter(({ eventId }) =>
          decision.handled.every((handled) => handled.eventId !== eventId),
        );
        for (const change of decision.outbox) {
          if (change.kind !== 'add') continue;
          const state = { kind: 'pending' } as const;
          this.outbox.push({ action: change.action, dispatch: 1, isSettling: false, state });
        }
        return { kind: 'saved', version: this.version };
      },
      lookAgainAt: async (_record, moment, version) => {
        this.lookedAgainAt.push({ moment, version });
        return version === undefined || (version === this.version && this.inbox.length === 0);
      },
      claim: async (name) => {
        if (this.claimed.has(name)) return false;
        this.claimed.add(name);
        return true;
      },
      countTrouble: async (_record, eventId) => {
        const times = (this.troubles.get(eventId) ?? 0) + 1;
        this.troubles.set(eventId, times);
        return times;
      },
      park: async (_record, entryId, why) => {
        const found = [...this.inbox, ...this.unreadable].find((entry) => entry.entryId === entryId);
        if (!found) return false;
        this.inbox = this.inbox.filter((entry) => entry !== found);
        this.unreadable = this.unreadable.filter((entry) => entry !== found);
        this.parked.push({ eventId: found.eventId, why });
        return true;
      },
    };
    return part as StorePort;
  }
}
