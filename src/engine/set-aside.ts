// What becomes of events that no decision can be made on: counted, parked with the reason, listed for the operator.
import type { InboxEntry } from '../core/model/snapshot.ts';
import type { RecordId } from '../core/model/subject.ts';
import { redact } from '../core/sanitise/redact.ts';
import type { Poisonous } from './decide-soundly.ts';
import type { LogPort } from './port/log.ts';
import type { Loaded, StorePort } from './port/store.ts';

interface Ports {
  readonly store: StorePort;
  readonly log: LogPort;
}

/** A bug may hang on the moment; more often it does not. */
const troublesAtMost = 3;
const whyCharsAtMost = 500;

export async function parkUnreadable(
  ports: Ports,
  record: RecordId,
  unreadable: Loaded<unknown>['unreadable'],
): Promise<void> {
  for (const { entryId, eventId, why } of unreadable)
    await park(ports, record, { entryId, eventId, why: `it could not be read: ${toText(why)}` });
}

/** Something of ours came after its record was removed. */
export async function parkUndecidable(ports: Ports, record: RecordId, inbox: readonly InboxEntry[]): Promise<void> {
  for (const { entryId, eventId } of inbox)
    await park(ports, record, { entryId, eventId, why: 'there is no record that it could belong to' });
}

export async function parkPoisonous(ports: Ports, record: RecordId, poisonous: readonly Poisonous[]): Promise<void> {
  for (const { entry, error } of poisonous) {
    const { entryId, eventId } = entry;
    const times = await ports.store.countTrouble(record, eventId);
    ports.log.error(
      { record, eventId, times, error: toStack(error) },
      'an event met a bug; the others go on without it',
    );
    if (times < troublesAtMost) continue;
    await park(ports, record, { entryId, eventId, why: `deciding on it failed ${times} times: ${toText(error)}` });
  }
}

async function park(
  ports: Ports,
  record: RecordId,
  { entryId, eventId, why }: { entryId: string; eventId: string; why: string },
): Promise<void> {
  if (await ports.store.park(record, entryId, why))
    ports.log.error({ record, eventId, why }, 'an event was parked; it can be replayed');
}

/** The name under which troubles without an event are counted. */
const noEvent = 'decision';
const firstPauseMs = 10_000;
const longestPauseMs = 600_000;

export async function postponeBroken(ports: Ports, record: RecordId, now: number, error: unknown): Promise<void> {
  const times = await ports.store.countTrouble(record, noEvent);
  const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(times - 1, 10), longestPauseMs);
  ports.log.error(
    { record, times, pauseMs, error: toStack(error) },
    'no decision can be made on a record, or none can be saved: a bug',
  );
  await ports.store.lookAgainAt(record, now + pauseMs);
}

function toText(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error)).text.slice(0, whyCharsAtMost);
}

function toStack(error: unknown): string {
  return redact(error instanceof Error ? (error.stack ?? error.message) : String(error)).text;
}
