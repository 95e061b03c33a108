// Wakes what is due. It reads the due-index and never scans, so it costs the same with ten subjects and with a million.
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
  while (!stopped.aborted) {
    try {
      for (const subject of await ports.store.takeDue(subjectsAtMost, deferMs)) await ports.queue.wake(subject);
    } catch (error) {
      ports.log.warn({ error: String(error) }, 'the sweep could not look; it will look again');
    }
    await ports.clock.sleep(pauseMs, stopped);
  }
}
