import type { Event } from '../../../src/core/model/event.ts';
import { isChoresId, isLaneId, type RecordId } from '../../../src/core/model/subject.ts';
import type {
  CountedIntakeRequest,
  CountedIntakeResult,
  IntakeRequest,
  IntakeResult,
  StorePort,
  SubmitResult,
} from '../../../src/engine/port/store.ts';
import type { KeptEvent, Shelves } from './shelf.ts';

/** How long a delivery may come again, with some hours to spare. */
export const rememberMs = 74 * 3_600_000;
/** No lease is longer, so nothing that was under way at a removal comes later. */
const lateMs = 60_000;

export function intake(shelves: Shelves, request: IntakeRequest): IntakeResult {
  const subject = shelves.resolve(request.subject) as IntakeResult['subject'];
  const known = keepDelivery(shelves, request, true);
  if (known) return { kind: known, subject };
  if (request.isOnlyForKnown && !shelves.of(subject).isKnown) return { kind: 'unknown_subject', subject };
  keepDelivery(shelves, request);
  const repository = JSON.stringify(request.repository);
  const kept = request.events.filter(({ id, event }) =>
    keep(shelves, subject, { eventId: id, text: JSON.stringify(event), repository }),
  );
  return { kind: kept.length > 0 ? 'kept' : 'duplicate', subject };
}

export function intakeForCounted(shelves: Shelves, request: CountedIntakeRequest): CountedIntakeResult {
  const known = keepDelivery(shelves, request, true);
  if (known) return { kind: known };
  const counted = [...shelves.shelves].filter(([, { census }]) => census.includes(request.name));
  const records = counted.map(([record]) => record).sort();
  if (records.length === 0) return { kind: 'nobody' };
  keepDelivery(shelves, request);
  const { id, event } = request.event;
  const repository = JSON.stringify(request.repository);
  for (const record of records) keep(shelves, record, { eventId: id, text: JSON.stringify(event), repository });
  return { kind: 'kept', records };
}

export function intakeInstallation(
  shelves: Shelves,
  request: Parameters<StorePort['intakeInstallation']>[0],
): 'kept' | 'duplicate' | 'mismatch' {
  return keepDelivery(shelves, request) ?? 'kept';
}

type Delivery = Pick<IntakeRequest, 'deliveryId' | 'hookId' | 'bodyHash'>;

function keepDelivery(
  shelves: Shelves,
  { deliveryId, hookId, bodyHash }: Delivery,
  isOnlyLooked = false,
): 'duplicate' | 'mismatch' | undefined {
  const key = `${deliveryId}:${hookId}`;
  const known = shelves.deliveries.get(key);
  if (known && known.until > shelves.now) return known.hash === bodyHash ? 'duplicate' : 'mismatch';
  if (!isOnlyLooked) shelves.deliveries.set(key, { hash: bodyHash, until: shelves.now + rememberMs });
  return undefined;
}

export function append(shelves: Shelves, asked: RecordId, eventId: string, event: Event): boolean {
  const actionId = 'actionId' in event ? event.actionId : undefined;
  const isOwn = actionId !== undefined && shelves.of(asked).outbox.some(({ id }) => id === actionId);
  const record = isOwn ? asked : shelves.resolve(asked);
  const shelf = shelves.of(record);
  if (!shelf.isKnown) {
    if (!(isLaneId(record) || isChoresId(record)) || actionId !== undefined) return false;
    if (shelf.removedAt !== undefined && shelves.now < shelf.removedAt + lateMs) return false;
  }
  return keep(shelves, record, {
    eventId,
    text: JSON.stringify(event),
    ...(actionId === undefined ? {} : { actionId }),
  });
}

export function submit(shelves: Shelves, request: Parameters<StorePort['submit']>[0]): SubmitResult {
  const { key, bodyHash, event } = request;
  const known = shelves.requests.get(key);
  if (known && (known.until ?? Number.POSITIVE_INFINITY) > shelves.now) {
    if (known.hash !== bodyHash) return { kind: 'mismatch' };
    return known.answer === undefined ? { kind: 'pending' } : { kind: 'answered', answer: JSON.parse(known.answer) };
  }
  const subject = shelves.resolve(request.subject);
  const shelf = shelves.of(subject);
  if (shelf.version === 0) return { kind: 'unknown_subject' };
  shelves.requests.set(key, { hash: bodyHash });
  const eventId = `request/${key}`;
  // Handled so long ago that the answer is forgotten: it is a new request.
  if (typeof shelf.ids.get(eventId) === 'number') shelf.ids.delete(eventId);
  return { kind: keep(shelves, subject, { eventId, text: JSON.stringify(event) }) ? 'kept' : 'pending' };
}

/** Puts an event into the inbox, once. */
export function keep(shelves: Shelves, record: RecordId, event: Omit<KeptEvent, 'entryId'>): boolean {
  const shelf = shelves.of(record);
  if (shelf.ids.has(event.eventId)) return false;
  shelf.inbox.push({ ...event, entryId: `${shelves.next()}-0` });
  shelf.ids.set(event.eventId, 'kept');
  shelves.makeDue(record, shelves.now);
  return true;
}
