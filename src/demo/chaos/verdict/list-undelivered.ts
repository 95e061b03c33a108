import type { Delivery } from '../../github/state/delivery.ts';

/** The newest attempt of each delivery of which no attempt was answered well. */
export function listUndelivered(deliveries: readonly Delivery[]): Delivery[] {
  const newest = new Map<string, Delivery>();
  const delivered = new Set<string>();
  for (const delivery of deliveries) {
    newest.set(delivery.guid, delivery);
    if (delivery.state === 'delivered') delivered.add(delivery.guid);
  }
  return [...newest.values()].filter(({ guid }) => !delivered.has(guid));
}
