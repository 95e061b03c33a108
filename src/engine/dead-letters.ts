// Events that were set aside because no decision could be made on them: shown to the operator, and put back on request.
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { ParkedEvent, StorePort } from './port/store.ts';

interface Ports {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly log: LogPort;
}

export const deadLettersAtMost = 1_000;

export async function listDeadLetters(
  ports: { readonly store: StorePort },
  limit: number = deadLettersAtMost,
): Promise<readonly ParkedEvent[]> {
  return await ports.store.listParked(Math.min(limit, deadLettersAtMost));
}

/** False when it is parked no more: somebody else put it back, or it never was. */
export async function replayDeadLetter(ports: Ports, id: string): Promise<boolean> {
  const letter = (await listDeadLetters(ports)).find((candidate) => candidate.id === id);
  if (!(await ports.store.replayParked(id))) return false;
  ports.log.info({ id, record: letter?.record }, 'a parked event was put back');
  if (letter) {
    // It is in the due-index as well: a wake only makes it sooner.
    await ports.queue.wake(letter.record).catch((error: unknown) => {
      ports.log.warn(
        { record: letter.record, error: String(error) },
        'a wake was not queued; the sweeper will find it',
      );
    });
  }
  return true;
}
