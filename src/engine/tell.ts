import { toEventId } from '../core/model/event.ts';
import type { TellOutcome } from '../core/model/result.ts';
import type { Held } from './carry-out.ts';
import type { QueuePort } from './port/queue.ts';
import type { StorePort } from './port/store.ts';

/** Puts a message into another record's inbox. Its id is made of what it says, so that telling twice is telling once. */
export async function tell(
  ports: { readonly store: StorePort; readonly queue: QueuePort },
  { action }: Held<'tell'>,
): Promise<TellOutcome> {
  const { to, event } = action;
  await ports.store.append(to, toEventId(event), event);
  await ports.queue.wake(to);
  return { kind: 'told' };
}
