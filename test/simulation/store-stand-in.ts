// The store's old methods in memory, until the real simulated store is here.
import type { OutboxEntry } from '../../src/core/model/action.ts';
import type { Decision } from '../../src/core/model/decision.ts';
import { SubjectRecord } from '../../src/core/model/record.ts';
import type { InboxEntry } from '../../src/core/model/snapshot.ts';
import { type RecordId, type SubjectId, toSubjectId } from '../../src/core/model/subject.ts';
import type { LoggedEvent, StorePort } from '../../src/engine/port/store.ts';

interface Kept {
  version: number;
  record: string | undefined;
  inbox: InboxEntry[];
  ids: Map<string, 'kept' | 'handled'>;
  outbox: Map<string, OutboxEntry>;
  log: LoggedEvent[];
}

export function createSimulatedStore({ now }: { now: () => number }): StorePort {
  const all = new Map<string, Kept>();
  const alias = new Map<string, SubjectId>();
  const deliveries = new Set<string>();
  const due = new Map<string, number>();
  let entries = 0;
  let tokens = 0;
  const at = (id: RecordId): Kept => {
    const known = all.get(id) ?? {
      version: 0,
      record: undefined,
      inbox: [],
      ids: new Map(),
      outbox: new Map(),
      log: [],
    };
    all.set(id, known);
    return known;
  };
  const hasten = (id: string, moment: number) => due.set(id, Math.min(due.get(id) ?? Number.POSITIVE_INFINITY, moment));
  const never = async (): Promise<never> => {
    throw new Error('not here');
  };
  return {
    async intake({ deliveryId, hookId, subject: asked, repository, events, isOnlyForKnown }) {
      const subject = alias.get(asked) ?? asked;
      if (deliveries.has(deliveryId + hookId)) return { kind: 'duplicate', subject };
      const known = at(subject);
      if (isOnlyForKnown && known.version === 0 && known.inbox.length === 0)
        return { kind: 'unknown_subject', subject };
      deliveries.add(deliveryId + hookId);
      const fresh = events.filter(({ id }) => !known.ids.has(id));
      if (fresh.length === 0) return { kind: 'duplicate', subject };
      for (const { id, event } of fresh) {
        known.inbox.push({ entryId: `${++entries}`, eventId: id, repository, event });
        known.ids.set(id, 'kept');
      }
      hasten(subject, now());
      return { kind: 'kept', subject };
    },
    intakeInstallation: async () => 'kept',
    async append(record, id, event) {
      const subject = alias.get(record) ?? record;
      const known = at(subject);
      if (known.ids.has(id)) return false;
      known.inbox.push({ entryId: `${++entries}`, eventId: id, event: structuredClone(event) });
      known.ids.set(id, 'kept');
      hasten(subject, now());
      return true;
    },
    async load(subject) {
      const { version, record, inbox, outbox } = at(subject);
      return structuredClone({
        now: now(),
        version,
        record: record === undefined ? undefined : SubjectRecord.parse(JSON.parse(record)),
        isNewer: false,
        inbox,
        unreadable: [],
        outbox: [...outbox.values()],
      });
    },
    async save(id, expectedVersion, decision: Decision<unknown>) {
      const known = at(id);
      if (known.version !== expectedVersion) return { kind: 'moved' };
      for (const { eventId } of decision.handled)
        if (known.ids.get(eventId) !== 'kept') return { kind: 'already_handled', eventId };
      known.version += 1;
      known.record = JSON.stringify(decision.record);
      for (const { entryId, eventId } of decision.handled) {
        known.inbox = known.inbox.filter((entry) => entry.entryId !== entryId);
        known.ids.set(eventId, 'handled');
      }
      for (const entry of decision.log) known.log.push({ ...entry, sequence: known.log.length + 1, at: now() });
      for (const change of decision.outbox) {
        const changed = change.kind === 'add' ? change.action.id : change.id;
        const entry = known.outbox.get(changed);
        if (change.kind === 'add' && !entry)
          known.outbox.set(changed, {
            action: change.action,
            dispatch: 1,
            isSettling: false,
            state: { kind: 'pending' },
            ...(change.notBefore === undefined ? {} : { notBefore: change.notBefore }),
          });
        else if (change.kind === 'remove' || (change.kind === 'cancel' && entry?.state.kind === 'pending'))
          known.outbox.delete(changed);
        else if (change.kind === 'cancel' && entry?.state.kind === 'begun')
          known.outbox.set(changed, { ...entry, state: { ...entry.state, cancelled: true } });
        else if (change.kind === 'redispatch' && entry)
          known.outbox.set(changed, {
            ...entry,
            dispatch: change.dispatch,
            isSettling: entry.isSettling || change.isSettling,
            state: { kind: 'pending' },
          });
      }
      const [host = '', repository = ''] = id.split('/');
      for (const number of decision.aliases) {
        const other = toSubjectId(host, Number(repository), number);
        if (other === id) continue;
        alias.set(other, id as SubjectId);
        const moved = at(other);
        for (const entry of moved.inbox) {
          if (!known.ids.has(entry.eventId)) {
            known.inbox.push({ ...entry, entryId: `${++entries}` });
            known.ids.set(entry.eventId, 'kept');
          }
          moved.ids.set(entry.eventId, 'handled');
        }
        moved.inbox = [];
        due.delete(other);
      }
      if (known.inbox.length > 0) due.set(id, now());
      else if (decision.wakeAt !== undefined) due.set(id, decision.wakeAt);
      else due.delete(id);
      return { kind: 'saved', version: known.version };
    },
    async begin(id, actionId, dispatch, leaseMs) {
      const { outbox } = at(id);
      const entry = outbox.get(actionId);
      if (!entry) return { kind: 'refused', why: 'gone' };
      if (entry.dispatch !== dispatch) return { kind: 'refused', why: 'superseded' };
      if (entry.state.kind !== 'pending') return { kind: 'refused', why: 'held' };
      if ((entry.notBefore ?? 0) > now()) return { kind: 'refused', why: 'early' };
      const token = `t${++tokens}`;
      const begun = {
        ...entry,
        state: { kind: 'begun', token, leaseUntil: now() + leaseMs, cancelled: false },
      } as const;
      outbox.set(actionId, begun);
      hasten(id, now() + leaseMs);
      return structuredClone({ kind: 'begun', token, entry: begun });
    },
    async heartbeat(id, actionId, token, leaseMs) {
      const { outbox } = at(id);
      const entry = outbox.get(actionId);
      if (entry?.state.kind !== 'begun' || entry.state.token !== token || entry.state.leaseUntil <= now())
        return 'lost';
      outbox.set(actionId, { ...entry, state: { ...entry.state, leaseUntil: now() + leaseMs } });
      return entry.state.cancelled ? 'cancelled' : 'held';
    },
    async takeDue(limit, deferMs) {
      const found = [...due].filter(([, moment]) => moment <= now()).slice(0, limit);
      for (const [id] of found) due.set(id, now() + deferMs);
      return found.map(([id]) => id as RecordId);
    },
    readLog: async (id, after) => at(id).log.filter(({ sequence }) => sequence > after),
    listSubjects: async () => [...all.keys()] as SubjectId[],
    appendLive: async () => undefined,
    readLive: async () => [],
    isReady: async () => true,
    close: async () => undefined,
    loadLane: never,
    countTrouble: never,
    park: never,
    listParked: never,
    replayParked: never,
    takeTokens: never,
    reserve: never,
    settle: never,
    claim: never,
    submit: never,
    readLogSlice: never,
    listRecords: never,
    remove: never,
  };
}
