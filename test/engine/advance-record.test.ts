// One look at a record: what is written, what is handed out, and what a bug of ours costs.
import { expect, it } from 'vitest';
import type { Action } from '../../src/core/model/action.ts';
import type { Decision } from '../../src/core/model/decision.ts';
import type { InboxEntry } from '../../src/core/model/snapshot.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { advanceRecord } from '../../src/engine/advance-record.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { LogPort } from '../../src/engine/port/log.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { UnreadableRecord } from '../../src/engine/port/unreadable-record.ts';
import { OneRecordStore } from './one-record-store.ts';

const id = toSubjectId('github.test', 7, 1);
const present: Action = { kind: 'present', id: 'present-1' };

/** A record that counts the events it has taken. */
interface Tally {
  readonly taken: readonly string[];
}

interface Stage {
  readonly store: OneRecordStore<Tally>;
  readonly dispatched: string[];
  readonly warnings: string[];
  readonly errors: Readonly<Record<string, unknown>>[];
  look(): Promise<void>;
}

interface Rules {
  readonly wakeAt?: number;
  readonly outbox?: Decision<Tally>['outbox'];
  readonly poison?: (inbox: readonly InboxEntry[]) => boolean;
  readonly observeFails?: ExternalError;
  readonly saveFails?: () => Error | undefined;
  readonly isUnknown?: boolean;
}

function stage(rules: Rules = {}): Stage {
  const store = new OneRecordStore<Tally>(rules.isUnknown ? undefined : { taken: [] });
  const port: StorePort = {
    ...store.port,
    save: async (...of) => {
      const error = rules.saveFails?.();
      if (error) throw error;
      return await store.port.save(...of);
    },
  };
  const dispatched: string[] = [];
  const warnings: string[] = [];
  const errors: Readonly<Record<string, unknown>>[] = [];
  const log: LogPort = {
    debug() {},
    info() {},
    warn: (_facts, message) => void warnings.push(message),
    error: (facts) => void errors.push(facts),
  };
  const queue = {
    wake: async () => undefined,
    wakeAfresh: async () => undefined,
    dispatch: async (_record: string, action: Action, dispatch: number) =>
      void dispatched.push(`${action.id}/${dispatch}`),
  };
  const decide = ({ record, inbox }: { record: Tally; inbox: readonly InboxEntry[] }): Decision<Tally> => {
    if (rules.poison?.(inbox)) throw new Error('no such field, token ghp_0123456789abcdefghijABCDEFGHIJ012345');
    return {
      record: { taken: [...record.taken, ...inbox.map(({ eventId }) => eventId)] },
      handled: inbox.map(({ entryId, eventId }) => ({ entryId, eventId })),
      log: [],
      outbox: inbox.length > 0 ? (rules.outbox ?? []) : [],
      aliases: [],
      ...(rules.wakeAt === undefined ? {} : { wakeAt: rules.wakeAt }),
    };
  };
  return {
    store,
    dispatched,
    warnings,
    errors,
    look: () =>
      advanceRecord({ store: port, queue, log }, id, {
        load: store.load,
        observe: async ({ record, inbox }) => {
          if (rules.observeFails) throw rules.observeFails;
          return record && { record, inbox };
        },
        decide,
      }),
  };
}

const closed = { kind: 'issue_closed', deliveryId: '1', actor: { id: 1, login: 'mona', kind: 'person' } } as const;

it('saves what it decided, then hands out what waits', async () => {
  const { store, dispatched, look } = stage({ outbox: [{ kind: 'add', action: present }] });
  store.keep('a', closed);
  await look();
  expect(store.saves).toHaveLength(1);
  expect(store.record).toEqual({ taken: ['a'] });
  expect(dispatched).toEqual(['present-1/1']);
});

it('writes only the next moment when nothing changed, and hands out again what waits', async () => {
  const { store, dispatched, look } = stage({ wakeAt: 2_000_000 });
  store.outbox.push({ action: present, dispatch: 2, isSettling: false, state: { kind: 'pending' } });
  await look();
  expect(store.saves).toEqual([]);
  expect(store.loads).toBe(1);
  expect(store.lookedAgainAt).toEqual([{ moment: 2_000_000, version: 1 }]);
  expect(dispatched).toEqual(['present-1/2']);
});

it('takes a record that rests out of the due-index', async () => {
  const { store, look } = stage();
  await look();
  expect(store.lookedAgainAt).toEqual([{ moment: undefined, version: 1 }]);
});

it('does not look in a hot loop when a moment has passed and nothing comes of it', async () => {
  const { store, look } = stage({ wakeAt: 5 });
  await look();
  expect(store.loads).toBe(1);
  expect(store.lookedAgainAt).toEqual([{ moment: 1_001_000, version: 1 }]);
});

const saidOfNewer = 'a record, or an event for it, was written by a newer version and is left alone';

it('leaves a newer record alone, says so once, and comes back late', async () => {
  const { store, warnings, look } = stage();
  store.isNewer = true;
  await look();
  await look();
  expect(warnings).toEqual([saidOfNewer]);
  expect(store.saves).toEqual([]);
  expect(store.lookedAgainAt).toEqual(Array(2).fill({ moment: 1_060_000, version: undefined }));
});

it('leaves a record alone for an hour that has an event of a kind which only a newer version knows, then goes on without it', async () => {
  const { store, warnings, look } = stage();
  store.unreadable.push({ entryId: `${store.now}-0`, eventId: 'new', why: 'no such kind', isNewer: true });
  store.keep('a', closed);
  await look();
  expect([store.saves, store.parked, warnings]).toEqual([[], [], [saidOfNewer]]);
  expect(store.lookedAgainAt).toEqual([{ moment: store.now + 60_000, version: undefined }]);
  store.now += 3_600_000;
  await look();
  expect(store.parked).toEqual([{ eventId: 'new', why: 'it could not be read: no such kind' }]);
  expect(store.record).toEqual({ taken: ['a'] });
});

it('looks ever less often at a record that it cannot read', async () => {
  const { store, errors, look } = stage();
  store.load = async () => {
    throw new UnreadableRecord(store.now, new Error('no such kind'));
  };
  await look();
  await look();
  expect(store.lookedAgainAt.map(({ moment }) => moment)).toEqual([1_010_000, 1_020_000]);
  expect(errors[0]?.['error']).toContain('what is kept of it cannot be read: no such kind');
});

it('parks what cannot be read and takes the rest', async () => {
  const { store, look } = stage();
  store.unreadable.push({ entryId: '9-1', eventId: 'torn', why: 'no kind' });
  store.keep('a', closed);
  await look();
  expect(store.parked).toEqual([{ eventId: 'torn', why: 'it could not be read: no kind' }]);
  expect(store.record).toEqual({ taken: ['a'] });
});

it('goes on around an event that meets a bug, and parks it after the third time with a reason that holds no secret', async () => {
  const poison = (inbox: readonly InboxEntry[]) => inbox.some(({ eventId }) => eventId === 'bad');
  const { store, errors, look } = stage({ poison });
  for (const eventId of ['a', 'b', 'bad', 'c']) store.keep(eventId, closed);
  await look();
  expect(store.record).toEqual({ taken: ['a', 'b', 'c'] });
  expect(store.parked).toEqual([]);
  await look();
  store.keep('d', closed);
  await look();
  expect(store.record).toEqual({ taken: ['a', 'b', 'c', 'd'] });
  expect(store.parked).toEqual([
    { eventId: 'bad', why: 'deciding on it failed 3 times: no such field, token [redacted]' },
  ]);
  expect(JSON.stringify(errors)).not.toContain('ghp_');
  expect(store.inbox).toEqual([]);
});

it('finds every one of several events that meet a bug', async () => {
  const bad = ['b', 'e', 'f'];
  const { store, look } = stage({ poison: (inbox) => inbox.some(({ eventId }) => bad.includes(eventId)) });
  for (const eventId of 'abcdefg') store.keep(eventId, closed);
  await look();
  expect(store.record).toEqual({ taken: ['a', 'c', 'd', 'g'] });
  expect([...store.troubles]).toEqual(bad.map((eventId) => [eventId, 1]));
});

it('puts a record that meets a bug by itself off for longer and longer, and parks nothing', async () => {
  const { store, errors, look } = stage({ poison: () => true });
  store.keep('a', closed);
  for (let time = 0; time < 9; time += 1) await look();
  expect(store.parked).toEqual([]);
  expect(store.lookedAgainAt.map(({ moment }) => (moment ?? 0) - store.now)).toEqual(
    [10, 20, 40, 80, 160, 320, 600, 600, 600].map((seconds) => seconds * 1_000),
  );
  expect(errors).toHaveLength(9);
});

it('puts a record whose decision cannot be saved off for longer and longer, says so loudly, and loses nothing', async () => {
  let refusal: Error | undefined = new Error('ERR user_script: attempt to index a nil value');
  const { store, errors, dispatched, look } = stage({
    saveFails: () => refusal,
    outbox: [{ kind: 'add', action: present }],
  });
  store.keep('a', closed);
  for (let time = 0; time < 4; time += 1) await look();
  expect(store.lookedAgainAt.map(({ moment }) => (moment ?? 0) - store.now)).toEqual([10_000, 20_000, 40_000, 80_000]);
  expect(errors).toHaveLength(4);
  expect(errors[3]).toMatchObject({ record: id, times: 4 });
  expect(String(errors[3]?.['error'])).toContain('attempt to index a nil value');
  expect([store.parked, dispatched]).toEqual([[], []]);
  refusal = undefined;
  await look();
  expect(store.record).toEqual({ taken: ['a'] });
  expect(dispatched).toEqual(['present-1/1']);
});

it('takes a store that is away for no bug: nothing can be counted there either', async () => {
  const gone = new Error('Connection is closed.');
  const { store, errors, look } = stage({ saveFails: () => gone });
  store.keep('a', closed);
  Object.defineProperty(store, 'troubles', {
    value: {
      get: () => {
        throw gone;
      },
    },
  });
  await expect(look()).rejects.toBe(gone);
  expect(errors).toEqual([]);
  const outage = new ExternalError({ system: 'redis', message: 'gone', retry: 'soon' });
  const told = stage({ saveFails: () => outage });
  told.store.keep('a', closed);
  await expect(told.look()).rejects.toBe(outage);
  expect([told.errors, told.store.troubles.size]).toEqual([[], 0]);
});

it('takes an outside world that does not answer for no bug', async () => {
  const outage = new ExternalError({ system: 'redis', message: 'gone', retry: 'soon' });
  const { store, look } = stage({ observeFails: outage });
  store.keep('a', closed);
  await expect(look()).rejects.toBe(outage);
  expect(store.troubles.size).toBe(0);
});

it('sets aside what came for a record that is gone', async () => {
  const { store, look } = stage({ isUnknown: true });
  store.keep('late', closed);
  await look();
  expect(store.parked).toEqual([{ eventId: 'late', why: 'there is no record that it could belong to' }]);
});

it('decides anew when somebody saved in between', async () => {
  const { store, look } = stage();
  store.keep('a', closed);
  const { load } = store;
  let isFirst = true;
  store.load = async () => {
    const loaded = await load();
    if (isFirst) store.version += 1;
    isFirst = false;
    return loaded;
  };
  await look();
  expect(store.saves).toHaveLength(1);
  expect(store.version).toBe(3);
});
