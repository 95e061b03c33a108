// Looks now and then whether a schedule of a repository is due. Every worker may look; one of them does per round.
import type { ClockPort } from '../src/engine/port/clock.ts';
import { createScheduleSweep, type ScheduleSweepPorts } from '../src/engine/sweep-schedules.ts';

/** The clock is only for the time between rounds: what is due is told by the ledger's. */
type Ports = ScheduleSweepPorts & { readonly clock: ClockPort };

/** Returns when `stopped` is aborted. */
export async function sweepSchedulesUntil(ports: Ports, everyMs: number, stopped: AbortSignal): Promise<void> {
  const sweep = createScheduleSweep(ports);
  while (!stopped.aborted) {
    try {
      // The round of whoever died in it is nobody's for that long.
      if (await ports.store.claim('schedules', everyMs / 2)) await sweep.run(stopped);
    } catch (error) {
      ports.log.warn({ error: String(error) }, 'schedules could not be looked at; they will be looked at again');
    }
    await ports.clock.sleep(everyMs, stopped);
  }
}
