import { expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { listDeadLetters, replayDeadLetter } from '../../src/engine/dead-letters.ts';
import type { ParkedEvent, StorePort } from '../../src/engine/port/store.ts';
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
  const queue = {
    wake: async (id: string) => void woken.push(id),
    wakeAfresh: async () => undefined,
    dispatch: async () => undefined,
  };
  return { ports: { store: store as StorePort, queue, log: quiet }, woken };
}

it('puts a parked event back once and wakes its record', async () => {
  const { ports, woken } = stage();
  expect(await listDeadLetters(ports)).toEqual([letter]);
  expect([await replayDeadLetter(ports, 'p1'), await replayDeadLetter(ports, 'p1')]).toEqual([true, false]);
  expect(woken).toEqual([record]);
  expect(await listDeadLetters(ports)).toEqual([]);
});
