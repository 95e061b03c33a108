// Delivers again what GitHub lists as not delivered, as the bot's own sweep of the delivery log will. It stands in for
// that sweep only where it is asked to, and the report says so.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '../../github/control-client.ts';
import type { Delivery } from '../../github/state/delivery.ts';

const pauseMs = 1_500;

export interface Redelivery {
  readonly count: number;
  end(): Promise<void>;
}

export function startRedelivery(control: ControlClient): Redelivery {
  const ending = new AbortController();
  let count = 0;
  const loop = async () => {
    let after = 0;
    while (!ending.signal.aborted) {
      const deliveries = await control.readDeliveries({ after });
      const open = listUndelivered(deliveries);
      for (const { id } of open.filter(hasFailed)) {
        await control.redeliver({ deliveryId: id });
        count += 1;
      }
      const horizon = Math.min(...open.map(({ guid }) => deliveries.find((one) => one.guid === guid)?.id ?? 0));
      after = open.length > 0 ? horizon - 1 : (deliveries.at(-1)?.id ?? after);
      await sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  // Whoever ends it hears of its failure.
  ended.catch(() => undefined);
  return {
    get count() {
      return count;
    },
    async end() {
      ending.abort();
      await ended;
    },
  };
}

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

function hasFailed({ state }: Delivery): boolean {
  return state === 'failed' || state === 'dropped';
}
