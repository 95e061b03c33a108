// Asks again when the provider is busy or broken, as long as the decision's time allows. What cannot be mended by waiting
// becomes an ExternalError that says when another try makes sense.
import { setTimeout as sleep } from 'node:timers/promises';
import { APICallError } from 'ai';
import { ExternalError, type Retry } from '../engine/external-error.ts';
import { OutOfBudget } from '../engine/port/model.ts';
import { isOutOfBudget } from './gateway/grant.ts';
import { readRetryAfter } from './read-retry-after.ts';

export interface Patience {
  /** First pause when the provider does not name one; doubles with every try. */
  readonly backoffMs: number;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly maxTries: number;
  readonly signal: AbortSignal;
}

export async function askPatiently<Answer>(
  ask: () => Promise<Answer>,
  { backoffMs, deadline, maxTries, signal }: Patience,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!APICallError.isInstance(error)) throw error;
      if (isOutOfBudget(error)) throw new OutOfBudget(error.message.slice(0, 300));
      if (!isWorthWaiting(error)) throw fail(error, 'never');
      const pauseMs = readRetryAfter(error.responseHeaders ?? {}, Date.now()) ?? backoffMs * 2 ** (attempt - 1);
      const next = Date.now() + pauseMs;
      if (next >= deadline) throw fail(error, { at: next });
      if (attempt >= maxTries) throw fail(error, 'soon');
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

function isWorthWaiting({ statusCode, isRetryable }: APICallError): boolean {
  return statusCode === undefined ? isRetryable : statusCode === 408 || statusCode === 429 || statusCode >= 500;
}

function fail(error: APICallError, retry: Retry): ExternalError {
  const status = error.statusCode === undefined ? 'no answer' : `status ${error.statusCode}`;
  const message = `the model provider failed (${status}): ${error.message.slice(0, 300)}`;
  // The vendor's error holds the whole request; as a cause it would end up in logs.
  return new ExternalError({ system: 'model', message, retry });
}
