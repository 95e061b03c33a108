// Headers cross the gateway by name only: what is not listed here is dropped, in both directions. So no credential, no
// hop-by-hop header and no forged identity goes up, and no cookie and no name of our organisation comes down.
import type { IncomingHttpHeaders } from 'node:http';

const requestHeaders = ['accept', 'anthropic-beta', 'anthropic-version', 'openai-beta', 'user-agent'];
const responseHeaders = [
  'content-encoding',
  'content-type',
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-request-id',
  'x-should-retry',
];
const rateLimit = /^(anthropic-|x-)?ratelimit-[a-z-]+$/;

type Headers = Record<string, string>;

function pick(headers: IncomingHttpHeaders, isKept: (name: string) => boolean): Headers {
  const kept: Headers = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && isKept(name)) kept[name] = value;
  }
  return kept;
}

export function pickRequestHeaders(headers: IncomingHttpHeaders): Headers {
  return pick(headers, (name) => requestHeaders.includes(name));
}

export function pickResponseHeaders(headers: IncomingHttpHeaders): Headers {
  return pick(headers, (name) => responseHeaders.includes(name) || rateLimit.test(name));
}

/** Every token that a request shows, wherever the protocols' clients put theirs. */
export function readTokens(headers: IncomingHttpHeaders): readonly string[] {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return [bearer, headers['x-api-key'], headers['x-goog-api-key']].filter((value) => typeof value === 'string');
}
