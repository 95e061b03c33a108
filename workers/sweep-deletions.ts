// Looks now and then for what has to be deleted. Every worker looks: one of them takes each deletion, and each host
// drops its own caches.
import { type DeletionPorts, dropCaches, sweepDeletions } from '../src/engine/sweep-deletions.ts';

const pauseMs = 5_000;
/** The end of caches may wait, and the whole ledger is read for it. */
const looksPerDrop = 12;

export async function sweepDeletionsUntil(ports: DeletionPorts, stopped: AbortSignal): Promise<void> {
  const seen = new Set<string>();
  for (let look = 0; !stopped.aborted; look += 1) {
    try {
      await sweepDeletions(ports);
      if (look % looksPerDrop === 0) await dropCaches(ports, seen);
    } catch (error) {
      ports.log.warn({ error: String(error) }, 'deletions could not be looked for; they will be looked for again');
    }
    await ports.clock.sleep(pauseMs, stopped);
  }
}
