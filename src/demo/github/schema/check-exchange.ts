// Holds the local GitHub and everybody who talks to it to GitHub's published schemas. For tests: it needs the
// development dependency ajv. It does not judge behaviour, only shapes; the folder's README lists what no schema says.
import { createOperationFinder, type FoundOperation } from './find-operation.ts';
import { readRestSlice, readWebhookSlice } from './slice.ts';
import { type SchemaError, SliceValidator } from './slice-validator.ts';

/** Of a repository that was renamed or transferred: GitHub documents it for all of its API at once. */
const movedStatuses = [301, 307];

interface Exchange {
  method: string;
  /** Below `/api/v3`, without the query. */
  path: string;
  /** Without the question mark. Not checked when absent. */
  query?: string;
  status: number;
  /** Parsed JSON; undefined, null or '' for none. */
  requestBody?: unknown;
  /** Parsed JSON, or text when it was not JSON; undefined, null or '' for none. */
  responseBody?: unknown;
}

export interface Mistake {
  /** Who made it: the caller of the API, or whoever answered or sent the webhook. */
  side: 'request' | 'response' | 'webhook';
  /** For example `PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge 200` or `pull_request.opened`. */
  subject: string;
  /** A JSON pointer into the body; empty for the whole. */
  pointer: string;
  message: string;
}

export interface ExchangeChecker {
  /** No mistakes means: the operation, its parameters, the request body, the status and the response body are GitHub's. */
  checkExchange(exchange: Exchange): Mistake[];
  checkWebhook(webhook: { event: string; payload: unknown }): Mistake[];
}

export function createExchangeChecker(): ExchangeChecker {
  const rest = readRestSlice();
  const hooks = readWebhookSlice();
  const findOperation = createOperationFinder(rest.operations);
  const bodies = new SliceValidator(rest.$defs, { coerce: false });
  const parameters = new SliceValidator(rest.$defs, { coerce: true });
  const payloads = new SliceValidator(hooks.$defs, { coerce: false });

  return { checkExchange, checkWebhook };

  function checkExchange(exchange: Exchange): Mistake[] {
    const found = findOperation(exchange.method, exchange.path);
    if (found === undefined) {
      const subject = `${exchange.method} ${exchange.path}`;
      return [{ side: 'request', subject, pointer: '', message: `no schema for ${subject}` }];
    }
    const subject = `${found.operation.method} ${found.operation.path} ${exchange.status}`;
    const request = [...checkParameters(found, exchange), ...checkRequestBody(found, exchange)];
    const response = checkResponseBody(found, exchange);
    return [
      ...request.map((error) => ({ side: 'request' as const, subject, ...error })),
      ...response.map((error) => ({ side: 'response' as const, subject, ...error })),
    ];
  }

  function checkParameters(found: FoundOperation, exchange: Exchange): SchemaError[] {
    const inPath = parameters.validate(found.operation.pathParameters, found.parameters);
    if (exchange.query === undefined) return inPath;
    const query = Object.fromEntries(new URLSearchParams(exchange.query));
    return [...inPath, ...parameters.validate(found.operation.queryParameters, query)];
  }

  function checkRequestBody({ operation }: FoundOperation, { requestBody }: Exchange): SchemaError[] {
    if (isNothing(requestBody)) {
      return operation.body?.required ? [{ pointer: '', message: 'a request body is required' }] : [];
    }
    if (operation.body) return bodies.validate(operation.body.schema, requestBody);
    return isEmptyObject(requestBody) ? [] : [{ pointer: '', message: 'the operation takes no request body' }];
  }

  function checkResponseBody({ operation }: FoundOperation, { status, responseBody }: Exchange): SchemaError[] {
    const general = [...rest.generalErrorStatuses, ...movedStatuses].includes(status) ? 'general-error' : undefined;
    const schema = operation.responses[status] ?? (operation.responses[status] === null ? null : general);
    if (schema === undefined) return [{ pointer: '', message: `no schema for status ${status} of ${operation.id}` }];
    if (schema === null) {
      return isNothing(responseBody) ? [] : [{ pointer: '', message: 'the response must have no body' }];
    }
    if (operation.text && status === 200 && typeof responseBody === 'string') return [];
    return bodies.validate(schema, responseBody);
  }

  function checkWebhook({ event, payload }: { event: string; payload: unknown }): Mistake[] {
    const action = actionOf(payload);
    // An event without actions may still carry a field of that name.
    const subject = action !== undefined && hooks.webhooks[event] === undefined ? `${event}.${action}` : event;
    const schema = hooks.webhooks[subject];
    const errors =
      schema === undefined
        ? [{ pointer: '', message: `no schema for ${subject}` }]
        : payloads.validate(schema, payload);
    return errors.map((error) => ({ side: 'webhook', subject, ...error }));
  }
}

function actionOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('action' in payload)) return undefined;
  return typeof payload.action === 'string' ? payload.action : undefined;
}

function isNothing(body: unknown): boolean {
  return body === undefined || body === null || body === '';
}

function isEmptyObject(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
