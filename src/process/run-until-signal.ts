import type { LogPort } from '../engine/port/log.ts';

/** Past this, what still runs is left to the next process: everything is saved. Supervisors wait 30 seconds and more. */
const graceMs = 25_000;

/** As shells say that SIGINT ended something. */
const impatientCode = 130;

/**
 * Ends the process after SIGTERM or SIGINT: with 0 once `drain` is done, with 1 when the grace period was over before
 * or something could not be closed. A second signal ends it at once.
 */
export async function runUntilSignal(log: LogPort, drain: () => Promise<void>): Promise<never> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  log.info({ signal }, 'draining');
  process.once('SIGTERM', () => process.exit(impatientCode));
  process.once('SIGINT', () => process.exit(impatientCode));
  setTimeout(() => {
    log.warn({ graceMs }, 'the grace period is over');
    process.exit(1);
  }, graceMs);
  try {
    await drain();
  } catch (error) {
    log.error({ error: error instanceof Error ? error.stack : String(error) }, 'not everything could be closed');
    process.exit(1);
  }
  log.info({}, 'drained');
  process.exit(0);
}
