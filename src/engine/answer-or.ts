import { ExternalError } from './external-error.ts';
import type { ClockPort } from './port/clock.ts';
import type { LogPort } from './port/log.ts';

interface Ports {
  readonly clock: ClockPort;
  readonly log: LogPort;
}

/** What GitHub says while a subject is observed, or the fallback when it fails or takes longer than this. */
export async function answerOr<T, F>(
  fallback: F,
  ports: Ports,
  limitMs: number,
  read: () => Promise<T>,
): Promise<T | F> {
  const late = new AbortController();
  const timeout = ports.clock.sleep(limitMs, late.signal).then(() => fallback);
  try {
    return await Promise.race([read(), timeout]);
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
    ports.log.warn({ error: error.message }, 'GitHub did not answer while a subject was observed');
    return fallback;
  } finally {
    late.abort('answered');
  }
}
