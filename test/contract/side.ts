// One of the two stores that are compared, and what a history remembers of it: tokens and places in inboxes are made by
// the store, so each side has its own and steps speak of the how many-th.
import type { Action } from '../../src/core/model/action.ts';
import { openChores } from '../../src/core/model/chores.ts';
import type { Decision, OutboxChange } from '../../src/core/model/decision.ts';
import { type Event, toEventId } from '../../src/core/model/event.ts';
import { openGroup } from '../../src/core/model/group.ts';
import { openLane } from '../../src/core/model/lane.ts';
import { openRecord } from '../../src/core/model/record.ts';
import {
  isChoresId,
  isGroupId,
  isLaneId,
  isSubjectId,
  parseSubjectId,
  type RecordId,
  type Repository,
  type SubjectId,
} from '../../src/core/model/subject.ts';
import { loadRecord } from '../../src/engine/load-record.ts';
import type { Loaded, StorePort } from '../../src/engine/port/store.ts';
import { host, records, type Step } from './history.ts';

export interface Side {
  readonly store: StorePort;
  readonly clock: { now(): number };
  listDue(): Promise<readonly (readonly [string, number])[]>;
  /** Whoever began an action, in order; also those that were replaced since. */
  readonly holders: { readonly record: RecordId; readonly actionId: string; readonly token: string }[];
  /** What was last taken from an inbox, to be handled again. */
  taken: Decision['handled'];
}

export function repositoryOf(record: RecordId): Repository {
  return { host, id: Number(record.split('/')[1]), owner: 'acme', name: 'errors', installationId: 3 };
}

export function comment(id: number): Event {
  const actor = { id: 1, login: 'mona', kind: 'person' } as const;
  const where = { association: 'OWNER', thread: 1, isPullRequest: false, title: 'x' };
  return { kind: 'commented', commentId: id, body: '/pilot run', actor, ...where };
}

export function request(key: string): Event {
  return { kind: 'requested', key, command: 'stop', actor: { id: 1, login: 'mona', kind: 'person' } };
}

export function result(actionId: string, token: string): Event {
  return { kind: 'presented', actionId, token, outcome: { kind: 'presented', revision: 1 } };
}

const formed = { head: 'a'.repeat(40), ref: 'gh-readonly-queue/main/pr-1-x', branch: 'main', base: 'b', number: 1 };

export function recordOf(record: RecordId): Decision<unknown>['record'] {
  if (isGroupId(record)) return openGroup(repositoryOf(record), formed, 0);
  if (isLaneId(record)) return openLane(repositoryOf(record), record.split('/').slice(3).join('/'));
  if (isChoresId(record)) return openChores(repositoryOf(record));
  const { number } = parseSubjectId(record);
  return openRecord(repositoryOf(record), number, { isPullRequest: false, title: 'x' });
}

export function loadAny(store: StorePort, record: RecordId): Promise<Loaded<unknown>> {
  return loadRecord(store, record);
}

const recordAt = (index: number) => records[index] as RecordId;
const subjectAt = (index: number) => records[index] as SubjectId;

/** Plays one step; the answer is comparable, with tokens named by their number. */
export async function play(side: Side, step: Step): Promise<unknown> {
  const { store, clock } = side;
  switch (step.kind) {
    case 'pass':
      return undefined;
    case 'intake':
      return store.intake({
        deliveryId: `d${step.delivery}`,
        hookId: 'hook',
        bodyHash: step.hash,
        subject: subjectAt(step.subject),
        repository: repositoryOf(subjectAt(step.subject)),
        events: step.comments.map((id) => ({ id: toEventId(comment(id)), event: comment(id) })),
        isOnlyForKnown: step.isOnlyForKnown,
      });
    case 'intakeForCounted':
      return store.intakeForCounted({
        deliveryId: `d${step.delivery}`,
        hookId: 'hook',
        bodyHash: step.hash,
        repository: repositoryOf(recordAt(0)),
        name: step.name,
        event: { id: toEventId(comment(step.comment)), event: comment(step.comment) },
      });
    case 'intakeInstallation':
      return store.intakeInstallation({
        deliveryId: `d${step.delivery}`,
        hookId: 'hook',
        bodyHash: step.hash,
        installationId: 3,
        change: { kind: 'created' },
      });
    case 'append': {
      const event = step.isBroken ? ({ kind: 'from the future' } as unknown as Event) : comment(step.comment);
      return store.append(recordAt(step.record), `comment/${step.comment}`, event);
    }
    case 'report': {
      const index = side.holders.length - 1 - step.place;
      const { record, actionId, token } = side.holders[index] ?? nobody;
      return store.append(record, `result/${actionId}/${index}`, result(actionId, token));
    }
    case 'submit':
      return store.submit({
        subject: subjectAt(step.subject),
        key: step.key,
        bodyHash: step.hash,
        event: request(step.key),
      });
    case 'save':
      return save(side, step);
    case 'begin':
      return begin(side, step);
    case 'heartbeat': {
      const { record, actionId, token } = side.holders.at(-1 - step.place) ?? nobody;
      return store.heartbeat(record, actionId, token, step.leaseMs);
    }
    case 'takeDue':
      return store.takeDue(step.limit, step.deferMs);
    case 'lookAgainAt': {
      const record = recordAt(step.record);
      const { version } = await loadAny(store, record);
      const looked = { none: undefined, current: version, old: version - 1 }[step.version];
      return store.lookAgainAt(record, step.inMs === undefined ? undefined : clock.now() + step.inMs, looked);
    }
    case 'countTrouble':
      return store.countTrouble(recordAt(step.record), step.name);
    case 'park': {
      const waiting = await listWaiting(store);
      const { record, entryId } = waiting[step.place % waiting.length] ?? { record: recordAt(0), entryId: '1-1' };
      return store.park(record, entryId, 'it is poison');
    }
    case 'replay': {
      const parked = await listParkedInOrder(store);
      return store.replayParked(parked[step.place % parked.length]?.id ?? 'nothing');
    }
    case 'takeTokens': {
      const { amount, leave, perSecond } = step;
      return store.takeTokens({ name: 'writes', capacity: 5, perSecond, amount, leave });
    }
    case 'claim':
      return store.claim(step.name, step.ttlMs);
    case 'live':
      await store.appendLive(subjectAt(step.subject), step.action, 'line');
      return (await store.readLive(subjectAt(step.subject), step.action, '')).map(({ line }) => line);
    case 'remove': {
      const record = recordAt(step.record);
      const { version } = await loadAny(store, record);
      return store.remove(record, { none: undefined, current: version, old: version - 1 }[step.version]);
    }
  }
}

const nobody = { record: recordAt(0), actionId: 'a', token: 'nobody' };

async function begin(side: Side, step: Extract<Step, { kind: 'begin' }>): Promise<unknown> {
  const { store } = side;
  const listed = records.map(async (record) => {
    const { outbox } = await loadAny(store, record);
    return outbox
      .filter(({ state }) => step.isAny || state.kind === 'pending')
      .map(({ action, dispatch }) => ({ record, actionId: action.id, dispatch }));
  });
  const actions = (await Promise.all(listed)).flat();
  const first = { record: recordAt(0), actionId: 'a', dispatch: 1 };
  const { record, actionId, dispatch } = actions[step.place % actions.length] ?? first;
  const asked = step.isLate ? dispatch + 1 : dispatch;
  const begun = await store.begin(record, actionId, asked, step.leaseMs, step.permits);
  if (begun.kind === 'begun') side.holders.push({ record, actionId, token: begun.token });
  return begun;
}

async function listWaiting(store: StorePort) {
  const listed = records.map(async (record) => {
    const { inbox, unreadable } = await loadAny(store, record);
    return [...inbox, ...unreadable].map(({ entryId }) => ({ record, entryId }));
  });
  return (await Promise.all(listed)).flat();
}

async function save(side: Side, step: Extract<Step, { kind: 'save' }>): Promise<unknown> {
  const { store, clock } = side;
  const record = recordAt(step.record);
  const loaded = await loadAny(store, record);
  const waiting = [...loaded.inbox, ...loaded.unreadable].map(({ entryId, eventId }) => ({ entryId, eventId }));
  const handled = { all: waiting, first: waiting.slice(0, 1), none: [], again: side.taken }[step.handled];
  const { events } = await store.readLogSlice(record, 0, 1_000);
  const newest = events.at(-1)?.sequence ?? 0;
  const value = recordOf(record);
  const saved = await store.save(record, step.isStale ? loaded.version - 1 : loaded.version, {
    record: step.isNewer ? { ...Object(value), schema: 99 } : value,
    handled,
    log: Array.from({ length: step.lines }, (_, line) => ({ kind: 'x', text: `line ${line}`, data: { at: 1 } })),
    outbox: step.outbox.map((change) => toChange(change, loaded, clock.now())),
    aliases: isSubjectId(record) ? step.aliases : [],
    answers: step.answers.map((key) => ({ key, answer: { outcome: 'done', text: `answer to ${key}` } })),
    // Zero stands for one that is counted whatever there is.
    census: step.census.map(({ name, limit }) => (limit === 0 ? { name } : { name, limit })),
    settlements: step.settlements,
    reservations: step.reservations.map((asked) => ({ ...asked, cap: 7 })),
    ...(step.tells ? { tells: true as const } : {}),
    ...(step.trimAfter === undefined ? {} : { trimLogBefore: newest + 1 - step.trimAfter }),
    ...(step.wakeIn === undefined ? {} : { wakeAt: clock.now() + step.wakeIn }),
  });
  if (saved.kind === 'saved') side.taken = handled;
  return saved;
}

function toChange(
  { kind, id, isLate }: Extract<Step, { kind: 'save' }>['outbox'][number],
  { outbox }: Loaded<unknown>,
  now: number,
): OutboxChange {
  const action: Action = { kind: 'present', id };
  if (kind === 'add') return isLate ? { kind, action, notBefore: now + 5_000 } : { kind, action };
  if (kind !== 'redispatch') return { kind, id };
  const dispatch = (outbox.find((entry) => entry.action.id === id)?.dispatch ?? 0) + 1;
  return { kind, id, dispatch, isSettling: isLate };
}

async function listParkedInOrder(store: StorePort) {
  const parked = await store.listParked(1_000);
  const nameOf = (entry: (typeof parked)[number]) => `${entry.at} ${entry.record} ${entry.eventId}`;
  return parked.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Everything that can be seen of a store without changing it. */
export async function observe(side: Side): Promise<unknown> {
  const { store } = side;
  const seen = await Promise.all(
    records.map(async (record) => ({ name: record, ...(await observeRecord(store, record)) })),
  );
  const parked = await listParkedInOrder(store);
  return {
    seen,
    parked: parked.map(({ id: _, ...rest }) => rest),
    subjects: await store.listSubjects(10),
    kept: [...(await store.listRecords(host, 7)), ...(await store.listRecords(host, 8))],
    due: await side.listDue(),
    pots: await store.readPots(['day', 'all']),
  };
}

async function observeRecord(store: StorePort, record: RecordId) {
  const { inbox, unreadable, ...loaded } = await loadAny(store, record);
  return {
    ...loaded,
    told: await store.readTold(record),
    // Places are made by each store; the order is the same.
    inbox: inbox.map(({ entryId: _, ...rest }) => rest),
    unreadable: unreadable.map(({ eventId }) => eventId),
    log: await store.readLogSlice(record, 0, 1_000),
    page: await store.readLog(record, 1, 1),
  };
}

/** With every token replaced by its number. */
export function toComparable(side: Side, value: unknown): unknown {
  const text = JSON.stringify(value) ?? 'null';
  const named = side.holders.reduce((so, { token }, index) => so.replaceAll(`"${token}"`, `"<token ${index}>"`), text);
  return JSON.parse(named);
}
