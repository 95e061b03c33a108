import { type Event, toEventId } from '../../src/core/model/event.ts';
import type { SubjectId } from '../../src/core/model/subject.ts';
import type { StorePort } from '../../src/engine/port/store.ts';

/** An event that nobody could decide on: it is the first of the inbox, and is set aside. */
export async function parkEvent(store: StorePort, subject: SubjectId, event: Event): Promise<void> {
  await store.intake({
    deliveryId: toEventId(event),
    hookId: 'hook',
    bodyHash: 'hash',
    subject,
    repository: { host: 'github.test', id: 7, owner: 'acme', name: 'errors', installationId: 3 },
    events: [{ id: toEventId(event), event }],
    isOnlyForKnown: false,
  });
  const [entry] = (await store.load(subject)).inbox;
  await store.park(subject, entry?.entryId ?? '', 'a bug');
}
