// How the operator's API answers: JSON that went through the redactor, and one envelope for everything that is wrong.
import type { ServerResponse } from 'node:http';
import { redactKeys } from '../../core/sanitise/redact-keys.ts';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What can be wrong, by a name that programs may rely on. */
export type ProblemCode =
  | 'bad_host'
  | 'bad_json'
  | 'bad_request'
  | 'body_too_large'
  | 'cross_site'
  | 'idempotency_key_missing'
  | 'idempotency_key_reused'
  | 'internal'
  | 'json_required'
  | 'not_found'
  | 'not_ready'
  | 'not_shown'
  | 'read_only'
  | 'too_many_streams'
  | 'refused'
  | 'unknown_repository'
  | 'unknown_subject'
  | 'vetoed';

const statusOf: Record<ProblemCode, number> = {
  bad_host: 403,
  bad_json: 400,
  bad_request: 400,
  body_too_large: 413,
  cross_site: 403,
  idempotency_key_missing: 400,
  idempotency_key_reused: 422,
  internal: 500,
  json_required: 415,
  not_found: 404,
  not_ready: 503,
  not_shown: 403,
  read_only: 409,
  too_many_streams: 503,
  refused: 409,
  unknown_repository: 404,
  unknown_subject: 404,
  vetoed: 409,
};

export function toProblem(code: ProblemCode, message: string): Answer {
  return { status: statusOf[code], body: { error: { code, message } } };
}

export function toAnswer(body: Answer['body'], status = 200, headers: Record<string, string> = {}): Answer {
  return { status, body, headers };
}

/** A body that is no error never names the request, so that a repeated request gets the same bytes. */
export function sendAnswer(response: ServerResponse, requestId: string, { status, body, headers }: Answer): void {
  const shown = redactKeys('error' in body ? { ...body, requestId } : body);
  response.writeHead(status, {
    ...commonHeaders(requestId),
    'content-type': 'application/json; charset=utf-8',
    // The rest of a body that nobody reads would be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
    ...headers,
  });
  response.end(`${JSON.stringify(shown)}\n`);
}

export function commonHeaders(requestId: string): Record<string, string> {
  return {
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
  };
}
