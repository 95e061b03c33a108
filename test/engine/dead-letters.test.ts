import { expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { createDeadLetters } from '../../src/engine/dead-letters.ts';
import type { ParkedEvent, StorePort } from '../../src/engine/port/store.ts';
import { createMemoryOfLost } from '../support/lost-deliveries.ts';
import { quiet } from '../support/quiet.ts';

const record = toSubjectId('github.test', 7, 1);
const letter: ParkedEvent = { id: 'p1', record, eventId: 'comment/1', why: 'a bug', at: 5, event: {} };

function stage() {
  let parked = [letter];
  const woken: string[] = [];
  const store: Partial<StorePort> = {
    listParked: async (limit) => parked.slice(0, limit),
    replayParked: async (id) => {
      const isKnown = parked.some((other) => other.id === id);
      parked = parked.filter((other) => other.id !== id);
      return isKnown;
    },
  };
  const lost = createMemoryOfLost();
  const queue = {
    wake: async (id: string) => void woken.push(id),
    wakeAfresh: async () => undefined,
    dispatch: async () => undefined,
  };
  const deadLetters = createDeadLetters({ store: store as StorePort, lost, queue, log: quiet });
  return { deadLetters, lost, woken };
}

it('puts a parked event back once and wakes its record', async () => {
  const { deadLetters, woken } = stage();
  expect(await deadLetters.list()).toEqual([letter]);
  expect([await deadLetters.replay('p1'), await deadLetters.replay('p1')]).toEqual([true, false]);
  expect(woken).toEqual([record]);
  expect(await deadLetters.list()).toEqual([]);
});

it('has a delivery that was given up asked for again, once', async () => {
  const { deadLetters, lost, woken } = stage();
  await lost.keep({ guid: 'g', attemptId: 4, what: 'issues.labeled', attempts: 16, why: 'refused', at: 6 });
  const [, delivery] = await deadLetters.list();
  expect(delivery).toEqual({
    id: 'lost-delivery/g',
    attemptId: 4,
    what: 'issues.labeled',
    attempts: 16,
    why: 'refused',
    at: 6,
  });
  const replay = () => deadLetters.replay('lost-delivery/g');
  expect([await replay(), await replay()]).toEqual([true, false]);
  expect(await lost.listAsked()).toHaveLength(1);
  expect(woken).toEqual([]);
});
