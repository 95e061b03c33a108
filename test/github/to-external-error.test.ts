// What GitHub's answers mean for trying again. The answers are those of its documentation.
import { RequestError } from '@octokit/request-error';
import { describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/engine/external-error.ts';
import { callOrNotAllowed } from '../../src/github/call.ts';
import { toExternalError } from '../../src/github/to-external-error.ts';

const now = 1_800_000_000_000;

function answer(status: number, headers: Record<string, string> = {}, message = 'no'): RequestError {
  const response = { status, headers, url: 'https://api.github.com/x', data: {}, retryCount: 0 };
  const request = { method: 'POST' as const, url: 'https://api.github.com/x', headers: {} };
  return new RequestError(message, status, { request, response });
}

function retryOf(error: unknown) {
  const { retry } = toExternalError(error, 'write', now);
  return typeof retry === 'object' ? { afterMs: retry.at - now } : retry;
}

const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const inTenMinutes = String(now / 1000 + 600);

describe('an answer of GitHub', () => {
  it.each([
    ['429 with retry-after', answer(429, { 'retry-after': '7' }), { afterMs: 7_000 }],
    ['429 that says nothing', answer(429), { afterMs: 60_000 }],
    ['429 with a retry-after of zero', answer(429, { 'retry-after': '0' }), { afterMs: 60_000 }],
    ['a secondary limit with retry-after', answer(403, { 'retry-after': '30' }, secondary), { afterMs: 30_000 }],
    ['a secondary limit without', answer(403, {}, secondary), { afterMs: 60_000 }],
    [
      'a 403 with retry-after, whatever its words',
      answer(403, { 'retry-after': '30' }, 'Slow down'),
      { afterMs: 30_000 },
    ],
    ['the old words', answer(403, {}, 'You have triggered an abuse detection mechanism'), { afterMs: 60_000 }],
    ['content too fast', answer(422, {}, 'Validation Failed: was submitted too quickly'), { afterMs: 60_000 }],
    [
      'the hourly limit',
      answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inTenMinutes }, 'API rate limit exceeded'),
      { afterMs: 600_000 },
    ],
    [
      'the hourly limit whose reset has just passed',
      answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 - 5) }),
      { afterMs: 1_000 },
    ],
    [
      'a reset that no limit of GitHub has',
      answer(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' }),
      { afterMs: 65 * 60_000 },
    ],
    [
      'a permission that is missing',
      answer(403, { 'x-ratelimit-remaining': '4999' }, 'Resource not accessible'),
      'never',
    ],
    [
      'an installation that is suspended',
      answer(403, {}, 'This installation has been suspended'),
      { afterMs: 1_800_000 },
    ],
    ['bad credentials', answer(401), 'never'],
    ['what is not there', answer(404), 'never'],
    ['what GitHub will not take', answer(422), 'never'],
    ['502', answer(502), 'soon'],
    ['503 with retry-after', answer(503, { 'retry-after': '120' }), { afterMs: 120_000 }],
    [
      '503 with a date',
      answer(503, { 'retry-after': 'Fri, 15 Jan 2027 08:02:00 GMT', date: 'Fri, 15 Jan 2027 08:00:00 GMT' }),
      { afterMs: 120_000 },
    ],
    ['408', answer(408), 'soon'],
  ] as const)('%s', (_name, error, retry) => {
    expect(retryOf(error)).toEqual(retry);
  });
});

describe('no answer', () => {
  it('is no status of GitHub, and may be tried again', () => {
    const request = { method: 'POST' as const, url: 'https://api.github.com/x', headers: {} };
    const unanswered = new RequestError('fetch failed', 500, { request });
    expect(toExternalError(unanswered, 'write', now).message).toBe('write: GitHub could not be reached');
    expect(retryOf(unanswered)).toBe('soon');
    expect(retryOf(new DOMException('late', 'TimeoutError'))).toBe('soon');
  });
});

it('leaves what is known already as it is', () => {
  const known = new ExternalError({ system: 'github', message: 'known', retry: 'never' });
  expect(toExternalError(known, 'write', now)).toBe(known);
});

describe('what an App may work without being allowed to read', () => {
  const ask = async (error: unknown) => await callOrNotAllowed('look', () => Promise.reject(error));

  it.each([403, 404])('is nothing where GitHub answers %d', async (status) => {
    expect(await ask(answer(status, {}, 'Resource not accessible by integration'))).toBeUndefined();
  });

  it.each([
    ['a limit', answer(403, {}, secondary)],
    ['a suspended installation', answer(403, {}, 'This installation has been suspended')],
    ['a fault', answer(502)],
    ['another refusal', answer(422)],
  ])('is not known where it fails by %s', async (_, error) => {
    await expect(ask(error)).rejects.toThrow(ExternalError);
  });
});
