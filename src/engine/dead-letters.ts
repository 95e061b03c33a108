// Events that no decision could be made on, and deliveries that never arrived: shown to the operator, and put back or
// asked for again on request.
import type { RecordId } from '../core/model/subject.ts';
import type { DeadLettersPort } from './port/dead-letters.ts';
import type { LogPort } from './port/log.ts';
import type { LostDeliveries } from './port/lost-deliveries.ts';
import type { QueuePort } from './port/queue.ts';
import type { StorePort } from './port/store.ts';

interface Ports {
  readonly store: Pick<StorePort, 'listParked' | 'replayParked'>;
  readonly lost: Pick<LostDeliveries, 'list' | 'askAgain'>;
  readonly queue: Pick<QueuePort, 'wake'>;
  readonly log: LogPort;
}

const lettersAtMost = 1_000;

/** A delivery is named by its guid after this, so that no event is meant. */
const deliveryPrefix = 'lost-delivery/';

export function createDeadLetters({ store, lost, queue, log }: Ports): DeadLettersPort {
  const wake = async (record: RecordId) => {
    // It is in the due-index as well: a wake only makes it sooner.
    await queue.wake(record).catch((error: unknown) => {
      log.warn({ record, error: String(error) }, 'a wake was not queued; the sweeper will find it');
    });
  };
  return {
    async list(limit = lettersAtMost) {
      const most = Math.min(limit, lettersAtMost);
      const parked = await store.listParked(most);
      const deliveries = (await lost.list()).map(({ guid, ...rest }) => ({ id: `${deliveryPrefix}${guid}`, ...rest }));
      return [...parked, ...deliveries].slice(0, most);
    },

    async replay(id) {
      if (id.startsWith(deliveryPrefix)) return await lost.askAgain(id.slice(deliveryPrefix.length));
      const letter = (await store.listParked(lettersAtMost)).find((candidate) => candidate.id === id);
      if (!(await store.replayParked(id))) return false;
      log.info({ id, record: letter?.record }, 'a parked event was put back');
      if (letter) await wake(letter.record);
      return true;
    },
  };
}
