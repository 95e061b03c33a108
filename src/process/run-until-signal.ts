import type { LogPort } from '../engine/port/log.ts';

/** Past this, what still runs is left to the next process: everything is saved. */
const graceMs = 25_000;

/** Resolves after SIGTERM or SIGINT, once `close` is done or the grace period is over; a second signal ends at once. */
export async function runUntilSignal(log: LogPort, close: () => Promise<void>): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  log.info({ signal }, 'draining');
  const end = () => process.exit(130);
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  const timer = setTimeout(() => {
    log.warn({ graceMs }, 'the grace period is over');
    process.exit(0);
  }, graceMs);
  await close();
  clearTimeout(timer);
  process.exit(0);
}
