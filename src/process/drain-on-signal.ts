import type { LogPort } from '../engine/port/log.ts';

/** Past this, what still runs is left to the next process: everything is saved. Supervisors wait 30 seconds and more. */
const graceMs = 25_000;

/** As shells say that SIGINT ended something. */
const impatientCode = 130;

/**
 * SIGTERM or SIGINT. To be called before anything is started: a signal that comes in the meantime would end the process with
 * half of it left behind. A second signal ends it at once.
 */
export function hearSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const hear = (signal: NodeJS.Signals) => {
      for (const one of signals) process.off(one, hear).once(one, () => process.exit(impatientCode));
      resolve(signal);
    };
    for (const one of signals) process.on(one, hear);
  });
}

/** For what may wait for long before everything is started. */
export function toAbortSignal(heard: Promise<unknown>): AbortSignal {
  const controller = new AbortController();
  void heard.then(() => controller.abort());
  return controller.signal;
}

/**
 * Ends the process after the signal: with 0 once `drain` is done, with 1 when the grace period was over before or something
 * could not be closed.
 */
export async function drainOnSignal(
  heard: Promise<NodeJS.Signals>,
  log: LogPort,
  drain: () => Promise<void>,
): Promise<never> {
  const signal = await heard;
  log.info({ signal }, 'draining');
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
