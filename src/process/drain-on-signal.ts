import type { LogPort } from '../engine/port/log.ts';

/** Past this, what still runs is left to the next process: everything is saved. Supervisors wait 30 seconds and more. */
const graceMs = 25_000;

/** As shells say that SIGINT ended something. */
const impatientCode = 130;

/** A supervisor that tells everything of a service at once tells us, and whoever started us, who passes it on. */
const usualEchoMs = 2_000;

/**
 * SIGTERM or SIGINT. To be called before anything is started: a signal that comes in the meantime would end the process with
 * half of it left behind. One that comes after the echo of the first has died away ends it at once.
 */
export function hearSignal({ echoMs = usualEchoMs }: { readonly echoMs?: number } = {}): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const hear = (signal: NodeJS.Signals) => {
      const now = performance.now();
      firstAt ??= now;
      if (now - firstAt > echoMs) process.exit(impatientCode);
      resolve(signal);
    };
    for (const one of ['SIGTERM', 'SIGINT'] as const) process.on(one, hear);
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
