// Wakes what is due. It reads the due-index and never scans, so it costs the same with ten subjects and with a million.
import type { RecordId } from '../src/core/model/subject.ts';
import type { ClockPort } from '../src/engine/port/clock.ts';
import type { LogPort } from '../src/engine/port/log.ts';
import type { QueuePort } from '../src/engine/port/queue.ts';
import type { StorePort } from '../src/engine/port/store.ts';

interface SweepPorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly clock: ClockPort;
  readonly log: LogPort;
}

const pauseMs = 500;
const subjectsAtMost = 200;

/** Long enough for the wake to be decided, short enough to come back soon when it was lost. */
const deferMs = 10_000;

/** Returns when `stopped` is aborted. */
export async function sweepUntil(ports: SweepPorts, stopped: AbortSignal): Promise<void> {
  const wake = createWaker(ports);
  while (!stopped.aborted) {
    try {
      for (const record of await ports.store.takeDue(subjectsAtMost, deferMs)) await wake(record);
    } catch (error) {
      ports.log.warn({ error: String(error) }, 'the sweep could not look; it will look again');
    }
    await ports.clock.sleep(pauseMs, stopped);
  }
}

/**
 * A record that is due again and again is not looked at: its wake may have ended without a trace, and would swallow every
 * later one. That is forgotten at the second time, the fourth, the eighth and so on: where workers are only slow, a look more
 * at a time does not make them slower.
 */
function createWaker({ queue, clock }: Pick<SweepPorts, 'queue' | 'clock'>): (record: RecordId) => Promise<void> {
  const seen = new Map<RecordId, { readonly times: number; readonly at: number }>();
  return async (record) => {
    const now = clock.now();
    // Oldest first, since whatever is seen is put last.
    for (const [id, { at }] of seen) {
      if (now - at < 3 * deferMs) break;
      seen.delete(id);
    }
    const times = (seen.get(record)?.times ?? 0) + 1;
    seen.delete(record);
    seen.set(record, { times, at: now });
    const isWithoutTrace = times > 1 && Number.isInteger(Math.log2(times));
    await (isWithoutTrace ? queue.wakeAfresh(record) : queue.wake(record));
  };
}
