import { RequestError } from '@octokit/request-error';
import { ExternalError, type Retry } from '../engine/external-error.ts';

/** What GitHub's answer says about trying again: its own waiting time first, then the kind of failure. */
export function toExternalError(error: unknown, what: string, now: number): ExternalError {
  if (error instanceof ExternalError) return error;
  if (!(error instanceof RequestError)) {
    return new ExternalError({
      system: 'github',
      message: `${what}: GitHub could not be reached`,
      retry: 'soon',
      cause: error,
    });
  }
  const message = `${what}: GitHub answered ${error.status}`;
  return new ExternalError({ system: 'github', message, retry: toRetry(error, now), cause: error });
}

function toRetry(error: RequestError, now: number): Retry {
  const headers = error.response?.headers ?? {};
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after) && after > 0) return { at: now + after * 1000 };
  if (error.status === 403 || error.status === 429) {
    const reset = Number(headers['x-ratelimit-reset']);
    if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)) return { at: reset * 1000 };
    return isSecondaryLimit(error) || error.status === 429 ? { at: now + 60_000 } : 'never';
  }
  return error.status >= 500 || error.status === 408 ? 'soon' : 'never';
}

function isSecondaryLimit(error: RequestError): boolean {
  return /secondary rate limit|abuse/i.test(error.message);
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof RequestError ? error.status : undefined;
}
