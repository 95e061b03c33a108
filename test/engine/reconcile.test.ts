// What a process does about what was going on before it started.
import { expect, it } from 'vitest';
import type { Event } from '../../src/core/model/event.ts';
import { openRecord, type SubjectRecord } from '../../src/core/model/record.ts';
import { type SubjectId, toLaneId, toSubjectId } from '../../src/core/model/subject.ts';
import type { LoadedSubject, StorePort } from '../../src/engine/port/store.ts';
import { keepReconciled, reconcile } from '../../src/engine/reconcile.ts';
import * as place from '../core/run/place.ts';
import { quiet } from '../support/quiet.ts';
import { WorldOfDecisions } from '../support/world-of-decisions.ts';
import { HandClock } from './hand-clock.ts';

const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'errors', installationId: 3 } as const;
const subjectOf = (number: number) => toSubjectId(repository.host, repository.id, number);

function recordAtWork(): SubjectRecord {
  const world = new WorldOfDecisions();
  const actor = { id: 1, login: 'mona', kind: 'person' } as const;
  world.put({
    kind: 'labelled',
    deliveryId: '1',
    label: 'pilot:run',
    actor,
    thread: 1,
    isPullRequest: false,
    title: 'x',
  });
  world.look();
  return world.record;
}

const atRest = openRecord(repository, 1, { isPullRequest: false, title: 'x' });
const unshown: SubjectRecord = { ...atRest, presentation: { ...atRest.presentation, wanted: 2, done: 1 } };
const unreadable = [{ entryId: '1-1', eventId: 'x', why: 'no kind' }];

function stage(subjects: Readonly<Record<number, Partial<LoadedSubject>>>) {
  const clock = new HandClock();
  const woken: SubjectId[] = [];
  const appended: [SubjectId, string, Event['kind']][] = [];
  const claims = new Set<string>();
  const pages: number[] = [];
  const ids = Object.keys(subjects).map((number) => subjectOf(Number(number)));
  const store: Partial<StorePort> = {
    claim: async (name) => !claims.has(name) && claims.add(name).has(name),
    listSubjects: async (limit, skip = 0) => {
      const page = ids.slice(skip, skip + limit);
      pages.push(page.length);
      return page;
    },
    load: async (subject) => {
      const found = subjects[Number(subject.split('/')[2])];
      if (found?.version === -1) throw new Error('it cannot be read');
      const empty = { record: atRest, isNewer: false, inbox: [], unreadable: [], outbox: [] };
      return { now: clock.now(), version: 1, ...empty, ...found };
    },
    append: async (record, id, event) => {
      appended.push([record as SubjectId, id, event.kind]);
      return true;
    },
  };
  const queue = {
    wake: async () => undefined,
    wakeAfresh: async (record: string) => void woken.push(record as SubjectId),
    dispatch: async () => undefined,
  };
  const ports = { store: store as StorePort, queue, clock, log: quiet };
  return { ports, clock, woken, appended, pages };
}

it('wakes what is live and nothing else', async () => {
  const world = new WorldOfDecisions();
  const outbox = [
    { action: { kind: 'present', id: 'present-1' }, dispatch: 1, isSettling: false, state: { kind: 'pending' } },
  ] as const;
  const inbox = [{ entryId: '1-1', eventId: 'a', event: { kind: 'restarted', at: 1 } }] as const;
  const { ports, woken } = stage({
    1: {},
    2: { record: recordAtWork() },
    3: { outbox },
    4: { inbox },
    5: { unreadable },
    6: { record: unshown },
    7: { isNewer: true, record: undefined },
    8: { version: -1 },
    9: { record: undefined, inbox },
    10: { record: world.record },
  });
  await reconcile(ports, 'boot');
  expect(woken).toEqual([2, 3, 4, 5, 6, 9].map(subjectOf));
});

it('wakes the lanes in which somebody waits, or that somebody has something to tell, once each', async () => {
  const waiting = place.waitingToMerge().record;
  const lane = waiting.lane?.lane;
  const event = { kind: 'lane_left', ask: 'a', landed: false, mayLand: false } as const;
  const outbox = [
    {
      action: { kind: 'tell', id: 'tell-1', to: toLaneId('github.test', 7, 'next'), event },
      dispatch: 1,
      isSettling: false,
      state: { kind: 'pending' },
    },
  ] as const;
  const { ports, woken } = stage({ 1: { record: waiting }, 2: { record: waiting }, 3: { outbox } });
  await reconcile(ports, 'boot');
  expect(woken).toEqual([...[1, 2, 3].map(subjectOf), lane, toLaneId('github.test', 7, 'next')]);
});

it('shows every run at work anew after a boot, once', async () => {
  const { ports, clock, appended } = stage({ 1: {}, 2: { record: recordAtWork() } });
  await reconcile(ports, 'boot');
  await reconcile(ports, 'boot');
  expect(appended).toEqual([[subjectOf(2), `restarted/${clock.now()}`, 'restarted']]);
});

it('only wakes in the rounds that follow', async () => {
  const { ports, woken, appended } = stage({ 2: { record: recordAtWork() } });
  await reconcile(ports, 'later');
  expect(woken).toEqual([subjectOf(2)]);
  expect(appended).toEqual([]);
});

it('comes to all of very many in later rounds, a bounded part at a time, and to what changed last in each', async () => {
  const many = Object.fromEntries(Array.from({ length: 2_600 }, (_, number) => [number + 1, { record: unshown }]));
  const { ports, clock, woken } = stage(many);
  const store = { ...ports.store, claim: async () => true };
  const stopped = new AbortController();
  const keeping = keepReconciled({ ...ports, store }, stopped.signal);
  await clock.pass(60_000);
  expect(woken).toHaveLength(2_600);
  const perRound: SubjectId[][] = [];
  for (let round = 0; round < 4; round += 1) {
    const before = woken.length;
    await clock.pass(900_000);
    perRound.push(woken.slice(before));
  }
  expect(perRound.every((part) => part.length <= 1_000 && part.includes(subjectOf(1)))).toBe(true);
  expect(new Set(perRound.flat()).size).toBe(2_600);
  stopped.abort();
  await clock.pass(0);
  await keeping;
});

it('goes through many subjects page by page, with a pause after each', async () => {
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, number) => [number + 1, { record: unshown }]));
  const { ports, clock, woken, pages } = stage(many);
  const reconciling = reconcile(ports, 'boot');
  await clock.pass(0);
  expect(pages).toEqual([50]);
  await clock.pass(1_000);
  await reconciling;
  expect(pages).toEqual([50, 50, 20]);
  expect(woken).toHaveLength(120);
});
