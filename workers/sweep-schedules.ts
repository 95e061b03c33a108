// Looks now and then whether a schedule of a repository is due. Every worker may look; one of them does per round.
import { ExternalError } from '../src/engine/external-error.ts';
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
      if (error instanceof ExternalError)
        ports.log.warn({ error: error.message }, 'schedules could not be looked at; they will be looked at again');
      else
        ports.log.error({ error: error instanceof Error ? error.stack : error }, 'a look at the schedules met a bug');
    }
    await ports.clock.sleep(everyMs, stopped);
  }
}
