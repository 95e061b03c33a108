import { RequestError } from '@octokit/request-error';
import { ExternalError, type Retry } from '../engine/external-error.ts';

/** Whoever is over a limit without being told for how long waits at least this long. */
const unstatedLimitMs = 60_000;

/** GitHub's longest window is an hour: a moment further away is a mistake, and nobody should wait for it. */
const longestLimitMs = 65 * 60_000;

/** A repository that was transferred is another installation's within a minute or two, and its records are told. */
const movedMs = 60_000;

/** Nobody tells when a suspension ends. */
const suspendedMs = 30 * 60_000;

/** What GitHub's answer says about trying again: its own waiting time first, then the kind of failure. */
export function toExternalError(error: unknown, what: string, now: number): ExternalError {
  if (error instanceof ExternalError) return error;
  // Without an answer, octokit says 500: whether the request arrived, nobody knows.
  const isAnswered = error instanceof RequestError && error.response !== undefined;
  if (!isAnswered) {
    const message = `${what}: GitHub could not be reached`;
    return new ExternalError({ system: 'github', message, retry: 'soon', cause: error });
  }
  const message = `${what}: GitHub answered ${error.status}`;
  return new ExternalError({ system: 'github', message, retry: toRetry(error, now), cause: error });
}

function toRetry(error: RequestError, now: number): Retry {
  if (isWithoutAccess(error)) return { at: now + movedMs };
  if (isSuspended(error)) return { at: now + suspendedMs };
  if (isLimit(error)) return { at: now + Math.min(longestLimitMs, limitMs(error, now)) };
  const afterMs = retryAfterMs(error);
  if (error.status >= 500 || error.status === 408) return afterMs === undefined ? 'soon' : { at: now + afterMs };
  return 'never';
}

/** Refused is everything, also the token; nothing of it is final, since whoever suspended it may end that at any time. */
function isSuspended(error: RequestError): boolean {
  return error.status === 403 && /\binstallation\b.*\bsuspended\b/i.test(error.message);
}

/** A primary limit is told by its headers, a secondary one by its text alone; both come as 403 or 429. */
function isLimit(error: RequestError): boolean {
  if (error.status === 429) return true;
  if (error.status === 422) return /submitted too quickly/i.test(error.message);
  if (error.status !== 403) return false;
  return retryAfterMs(error) !== undefined || isUsedUp(error) || /secondary rate limit|abuse/i.test(error.message);
}

function limitMs(error: RequestError, now: number): number {
  const afterMs = retryAfterMs(error);
  if (afterMs !== undefined) return afterMs;
  const reset = Number(headersOf(error)['x-ratelimit-reset']);
  if (isUsedUp(error) && Number.isFinite(reset) && reset > 0) return Math.max(1_000, reset * 1000 - now);
  return unstatedLimitMs;
}

/** In seconds, or as a date; a proxy in between may say it in either way. */
function retryAfterMs(error: RequestError): number | undefined {
  const stated = headersOf(error)['retry-after'];
  if (stated === undefined) return undefined;
  const seconds = Number(stated);
  if (Number.isFinite(seconds)) return seconds > 0 ? Math.min(longestLimitMs, seconds * 1000) : undefined;
  const date = Date.parse(String(stated));
  const from = Date.parse(String(headersOf(error).date));
  return date > from ? Math.min(longestLimitMs, date - from) : undefined;
}

function isUsedUp(error: RequestError): boolean {
  return headersOf(error)['x-ratelimit-remaining'] === '0';
}

function headersOf(error: RequestError): Readonly<Record<string, string | number | undefined>> {
  return error.response?.headers ?? {};
}

/**
 * The installation that is known has the repository no more, so that there is no token for it: nothing is said of what was
 * asked for. It may have been transferred; where the App was removed, nobody asks for much longer.
 */
function isWithoutAccess(error: RequestError): boolean {
  return (error.status === 404 || error.status === 422) && error.request.url.endsWith('/access_tokens');
}

/** What GitHub answered; undefined where octokit made a status up because there was no answer. */
export function answeredStatusOf(error: unknown): number | undefined {
  return error instanceof RequestError && error.response !== undefined ? error.status : undefined;
}

/** As that, of the very request, and of none for its token. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RequestError && isWithoutAccess(error) ? undefined : answeredStatusOf(error);
}
