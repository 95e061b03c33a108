import { expect, it } from 'vitest';
import { listUndelivered } from '../../src/demo/chaos/verdict/list-undelivered.ts';
import type { Delivery } from '../../src/demo/github/state/delivery.ts';

function delivery(id: number, guid: string, state: Delivery['state']): Delivery {
  return { id, guid, state } as Delivery;
}

it('finds what no attempt has delivered, by its newest attempt', () => {
  const undelivered = listUndelivered([
    delivery(1, 'a', 'delivered'),
    delivery(2, 'b', 'dropped'),
    delivery(3, 'c', 'failed'),
    delivery(4, 'c', 'delivered'),
    delivery(5, 'd', 'delivered'),
    // Doubled: one of the two arrived.
    delivery(6, 'd', 'failed'),
    delivery(7, 'b', 'failed'),
  ]);
  expect(undelivered.map(({ id }) => id)).toEqual([7]);
});
