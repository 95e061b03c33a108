// The sweep wakes what is due, also where an earlier wake left a trace that swallows every later one.
import { expect, it } from 'vitest';
import type { RecordId } from '../../src/core/model/subject.ts';
import type { QueuePort } from '../../src/engine/port/queue.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { sweepUntil } from '../../workers/sweep.ts';
import { quiet } from '../support/quiet.ts';

const record = 'github.test/7/1' as RecordId;

/** What is asked of the queue when the record is due every so often. */
async function sweep(moments: readonly number[]): Promise<string[]> {
  const asked: string[] = [];
  const ended = new AbortController();
  let round = -1;
  const store = {
    async takeDue() {
      round += 1;
      if (round < moments.length) return [record];
      ended.abort();
      return [];
    },
  };
  const queue = { wake: async () => void asked.push('wake'), wakeAfresh: async () => void asked.push('afresh') };
  const clock = { now: () => moments[round] ?? 0, sleep: async () => undefined };
  const ports = { store: store as unknown as StorePort, queue: queue as unknown as QueuePort, clock, log: quiet };
  await sweepUntil(ports, ended.signal);
  return asked;
}

const seconds = (...all: number[]) => all.map((one) => one * 1_000);

it('forgets the earlier wakes of what is due again and again, and ever less often', async () => {
  expect(await sweep(seconds(0, 10, 20, 30, 40, 50, 60, 70))).toEqual([
    ...['wake', 'afresh', 'wake', 'afresh'],
    ...['wake', 'wake', 'wake', 'afresh'],
  ]);
});

it('takes what is due after a while for something new', async () => {
  expect(await sweep(seconds(0, 60, 120))).toEqual(['wake', 'wake', 'wake']);
});
