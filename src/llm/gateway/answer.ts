import type { ServerResponse } from 'node:http';

/** One body that the error parsers of all served protocols understand. Agents retry 429 and 5xx, and nothing else. */
export function answerError(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = JSON.stringify({
    type: 'error',
    error: { type: errorTypes[status] ?? 'api_error', message, code: status },
  });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(status === 429 && { 'retry-after': '1' }),
    // Whatever is left unread of the request must not be taken for the next one.
    connection: 'close',
  });
  response.end(body);
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
};
