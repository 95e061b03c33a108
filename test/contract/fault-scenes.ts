// For every script that writes: a store in which it has much to do, and the call that does it.
import { toEventId } from '../../src/core/model/event.ts';
import { type SubjectId, toLaneId, toSubjectId } from '../../src/core/model/subject.ts';
import type { DeletionLedger } from '../../src/engine/port/deletion.ts';
import type { FleetPort } from '../../src/engine/port/fleet.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { comment, recordOf, repositoryOf, request, result } from './side.ts';

const host = 'github.test:8080';
const subject = toSubjectId(host, 7, 1);
const other = toSubjectId(host, 7, 2);
const pull = toSubjectId(host, 7, 3);
const all = { name: 'all', limit: 1 };

/** What a scene may call: all of it writes with scripts. */
export interface FaultPorts {
  readonly store: StorePort;
  readonly ledger: DeletionLedger;
  readonly fleet: FleetPort;
  /** The store at a moment of its own. */
  storeAt(moment: number): StorePort;
}

export interface FaultScene {
  readonly name: string;
  /** Gives the call under test, made on the ports that the faults are in. */
  arrange(ports: FaultPorts): Promise<(faulty: FaultPorts) => Promise<unknown>>;
}

type StoreScene = (store: StorePort) => Promise<(faulty: StorePort) => Promise<unknown>>;

function intake(store: StorePort, at: SubjectId, id: number) {
  return store.intake({
    deliveryId: `d${id}`,
    hookId: 'hook',
    bodyHash: 'x',
    subject: at,
    repository: repositoryOf(at),
    events: [{ id: toEventId(comment(id)), event: comment(id) }],
    isOnlyForKnown: false,
  });
}

const seat = { name: 'all', limit: 1 };
const nothing = { handled: [], log: [], outbox: [], aliases: [] };
const add = (id: string) => ({ kind: 'add', action: { kind: 'present', id } }) as const;

/** One holds the permit, another record waits for it, and something is in every inbox. */
async function populate(store: StorePort) {
  await store.save(subject, 0, {
    ...nothing,
    record: recordOf(subject),
    outbox: [add('a'), add('b'), add('c')],
    census: [seat],
  });
  await store.save(other, 0, { ...nothing, record: recordOf(other), outbox: [add('a')] });
  const begun = await store.begin(subject, 'a', 1, 10_000, [all]);
  const token = begun.kind === 'begun' ? begun.token : '';
  await store.begin(subject, 'b', 1, 10_000, [all]);
  await store.begin(other, 'a', 1, 10_000, [all]);
  await intake(store, subject, 1);
  await intake(store, pull, 2);
  await store.submit({ subject, key: 'k1', bodyHash: 'x', event: request('k1') });
  await store.countTrouble(subject, 'decision');
  await store.appendLive(subject, 'a', 'line');
  const { inbox } = await store.load(subject);
  return { token, handled: inbox.map(({ entryId, eventId }) => ({ entryId, eventId })) };
}

const storeScenes: Readonly<Record<string, StoreScene>> = {
  intake: async (store) => {
    await populate(store);
    return (faulty) => intake(faulty, subject, 9);
  },
  'intake for everybody who is counted': async (store) => {
    await populate(store);
    for (const at of [subject, other]) {
      const { version, record } = await store.load(at);
      await store.save(at, version, {
        record,
        handled: [],
        log: [],
        outbox: [],
        aliases: [],
        census: [{ name: 'base' }],
      });
    }
    return (faulty) =>
      faulty.intakeForCounted({
        ...{ deliveryId: 'd', hookId: 'h', bodyHash: 'x', repository: repositoryOf(subject), name: 'base' },
        event: { id: 'delivery/d/0', event: comment(9) },
      });
  },
  'intake of an installation': async () => (faulty) =>
    faulty.intakeInstallation({ deliveryId: 'd', hookId: 'h', bodyHash: 'x', installationId: 3, change: {} }),
  append: async (store) => {
    const { token } = await populate(store);
    return (faulty) => faulty.append(subject, 'result/a/1', result('a', token));
  },
  'append to a lane': async () => (faulty) => faulty.append(toLaneId(host, 7, 'main'), 'comment/5', comment(5)),
  submit: async (store) => {
    await populate(store);
    return (faulty) => faulty.submit({ subject, key: 'k2', bodyHash: 'x', event: request('k2') });
  },
  save: async (store) => {
    const { handled } = await populate(store);
    return (faulty) =>
      faulty.save(subject, 1, {
        record: recordOf(subject),
        handled,
        log: [
          { kind: 'x', text: 'one' },
          { kind: 'x', text: 'two' },
        ],
        outbox: [
          { kind: 'redispatch', id: 'a', dispatch: 2, isSettling: true },
          { kind: 'remove', id: 'b' },
          { kind: 'cancel', id: 'c' },
          { ...add('d'), notBefore: 5 },
        ],
        aliases: [3],
        answers: [{ key: 'k1', answer: { outcome: 'done', text: 'done' } }],
        census: [seat, { name: 'another' }],
        trimLogBefore: 2,
        wakeAt: 5,
      });
  },
  'save of what is not counted any more': async (store) => {
    await populate(store);
    return (faulty) => faulty.save(subject, 1, { ...nothing, record: recordOf(subject) });
  },
  'save of what comes back after its removal': async (store) => {
    await populate(store);
    await store.remove(subject);
    return (faulty) =>
      faulty.save(subject, 0, { ...nothing, record: recordOf(subject), log: [{ kind: 'x', text: 'again' }] });
  },
  begin: async (store) => {
    await populate(store);
    return (faulty) => faulty.begin(subject, 'c', 1, 10_000, [{ name: 'another', limit: 1 }]);
  },
  'begin where all is full': async (store) => {
    await populate(store);
    return (faulty) => faulty.begin(subject, 'c', 1, 10_000, [all]);
  },
  heartbeat: async (store) => {
    const { token } = await populate(store);
    return (faulty) => faulty.heartbeat(subject, 'a', token, 10_000);
  },
  'take what is due': async (store) => {
    await populate(store);
    return (faulty) => faulty.takeDue(10, 5_000);
  },
  'look again': async (store) => {
    await populate(store);
    return (faulty) => faulty.lookAgainAt(subject, 5);
  },
  'count trouble': async (store) => {
    await populate(store);
    return (faulty) => faulty.countTrouble(subject, 'comment/1');
  },
  park: async (store) => {
    const { handled } = await populate(store);
    return (faulty) => faulty.park(subject, handled[0]?.entryId ?? '', 'poison');
  },
  'replay of what is parked': async (store) => {
    const { handled } = await populate(store);
    await store.park(subject, handled[0]?.entryId ?? '', 'poison');
    return (faulty) => faulty.replayParked(`${subject}#${handled[0]?.entryId}`);
  },
  'take tokens': async () => (faulty) =>
    faulty.takeTokens({ name: 'b', capacity: 5, perSecond: 1, amount: 1, leave: 0 }),
  'save of what is reserved, settled and begun anew': async (store) => {
    const reserve = (pot: string) => ({ pot, id: 'r', amount: 1, cap: 5 });
    const record = recordOf(subject);
    await store.save(subject, 0, { ...nothing, record, reservations: [reserve('p')] });
    return (faulty) =>
      faulty.save(subject, 1, {
        ...nothing,
        record,
        settlements: [{ pot: 'p', id: 'r', amount: 2 }],
        reservations: [{ ...reserve('p'), id: 's' }, reserve('q')],
      });
  },
  claim: async () => (faulty) => faulty.claim('c', 60_000),
  'append live': async (store) => {
    await populate(store);
    return (faulty) => faulty.appendLive(subject, 'a', 'more');
  },
  remove: async (store) => {
    const { handled } = await populate(store);
    await store.save(subject, 1, { ...nothing, record: recordOf(subject), aliases: [3] });
    await store.park(subject, handled[0]?.entryId ?? '', 'poison');
    return (faulty) => faulty.remove(subject);
  },
};

const anHourMs = 3_600_000;
const bucket = { name: 'b', capacity: 5, perSecond: 1, amount: 5, leave: 0 };
const deletion = {
  id: 'i3/0',
  host,
  installationId: 3,
  phase: 'records',
  attempts: 0,
  askedAt: 1,
  dueAt: 1,
} as const;

async function collect({ store, ledger }: FaultPorts) {
  await store.intakeInstallation({ deliveryId: 'd', hookId: 'h', bodyHash: 'x', installationId: 3, change: {} });
  const { cursor, changes } = await ledger.readChanges(10);
  return { cursor, next: changes.at(-1)?.id ?? '' };
}

const otherScenes: Readonly<Record<string, FaultScene['arrange']>> = {
  'tokens that are not there, by a clock that was set back': async ({ storeAt }) => {
    await storeAt(Date.now() + anHourMs).takeTokens(bucket);
    return ({ storeAt: faultyAt }) => faultyAt(Date.now()).takeTokens(bucket);
  },
  'hold the place of the artifacts': async ({ fleet }) => {
    await fleet.holdPlace({ place: 'here', host: 'one' }, anHourMs);
    return (faulty) => faulty.fleet.holdPlace({ place: 'here', host: 'two' }, anHourMs);
  },
  'collect deletions': async (ports) => {
    const { cursor, next } = await collect(ports);
    return ({ ledger }) => ledger.collect(cursor, next, [deletion, { ...deletion, id: 'i3/1' }]);
  },
  'keep what became of a deletion': async (ports) => {
    const { cursor, next } = await collect(ports);
    await ports.ledger.collect(cursor, next, [deletion]);
    return ({ ledger }) => ledger.keep({ ...deletion, phase: 'files', dueAt: 9 });
  },
  'forget a deletion': async (ports) => {
    const { cursor, next } = await collect(ports);
    await ports.ledger.collect(cursor, next, [deletion]);
    return ({ ledger }) => ledger.forget(deletion.id);
  },
  'take deletions that are due': async (ports) => {
    const { cursor, next } = await collect(ports);
    await ports.ledger.collect(cursor, next, [deletion, { ...deletion, id: 'i3/1' }]);
    return ({ ledger }) => ledger.takeDue(10, 5_000);
  },
};

export const faultScenes: readonly FaultScene[] = [
  ...Object.entries(storeScenes).map(
    ([name, arrangeStore]): FaultScene => ({
      name,
      async arrange({ store }) {
        const act = await arrangeStore(store);
        return (faulty) => act(faulty.store);
      },
    }),
  ),
  ...Object.entries(otherScenes).map(([name, arrange]) => ({ name, arrange })),
];
