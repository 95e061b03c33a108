// Reads GitHub's log of deliveries now and then, from the start of the process on, for what never arrived here.
import { ExternalError } from '../src/engine/external-error.ts';
import type { ClockPort } from '../src/engine/port/clock.ts';
import { createDeliverySweep, type DeliverySweepPorts } from '../src/engine/sweep-deliveries.ts';
import { type MissedCommentPorts, takeMissedComments } from '../src/engine/take-missed-comments.ts';
import { type LostCommentPorts, tellLostComments } from '../src/engine/tell-lost-comments.ts';

type Ports = DeliverySweepPorts & MissedCommentPorts & LostCommentPorts & { readonly clock: ClockPort };

/** Returns when `stopped` is aborted. */
export async function sweepDeliveriesUntil(ports: Ports, everyMs: number, stopped: AbortSignal): Promise<void> {
  const sweep = createDeliverySweep(ports);
  await attempt(ports, () => takeMissedComments(ports, stopped));
  while (!stopped.aborted) {
    const until = await attempt(ports, async () => tellLostComments(ports, await sweep.run(), stopped));
    await ports.clock.sleep(Math.max(everyMs, until - ports.clock.now()), stopped);
  }
}

/** Gives the moment before which GitHub does not want to be asked again. */
async function attempt({ log }: Ports, look: () => Promise<void>): Promise<number> {
  try {
    await look();
    return 0;
  } catch (error) {
    log.warn({ error: String(error) }, 'deliveries could not be looked at; it will be tried again');
    return error instanceof ExternalError && typeof error.retry === 'object' ? error.retry.at : 0;
  }
}
