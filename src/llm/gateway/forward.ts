// One request to the provider and its answer back, with the key put in and the usage read on the way.
import { type ClientRequest, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { ModelTrouble } from '../../engine/port/model.ts';
import { readRetryAfter } from '../read-retry-after.ts';
import type { Charge } from './account.ts';
import { answerError } from './answer.ts';
import { pickRequestHeaders, pickResponseHeaders } from './header.ts';
import type { ModelRequest } from './request-body.ts';
import type { Route } from './route.ts';
import { renderKeyHeader, type Upstream } from './upstream.ts';
import { createUsageMeter } from './usage-meter.ts';

export interface Forwarding {
  readonly upstream: Upstream;
  readonly route: Route;
  readonly request: ModelRequest;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** The x-gatepilot-role header, for a scripted model only. */
  readonly identity: string | undefined;
  readonly signal: AbortSignal;
  readonly maxResponseBytes: number;
  readonly idleMs: number;
}

export interface Forwarded {
  /** Undefined when the provider gave no answer. */
  readonly status: number | undefined;
  readonly charge: Charge;
  /** Absent when the provider answered as it should, and when the client did not wait for it. */
  readonly trouble?: ModelTrouble;
}

/** Never rejects: whatever happens on either side ends both and becomes a charge. */
export async function forward(forwarding: Forwarding): Promise<Forwarded> {
  const { upstream, route, response } = forwarding;
  const outgoing = openRequest(forwarding);
  // A client that goes away takes its request with it.
  response.once('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  let sent = false;
  outgoing.once('finish', () => {
    sent = true;
  });
  const answer = await waitForAnswer(outgoing);
  if (!answer) {
    const isWaitedFor = !response.destroyed && !forwarding.signal.aborted;
    answerError(response, 502, 'the model provider did not answer');
    const charge: Charge = sent && route.metered ? { kind: 'cut', usage: {} } : { kind: 'nothing' };
    return { status: undefined, charge, ...(isWaitedFor ? { trouble: {} } : {}) };
  }
  const status = answer.statusCode ?? 502;
  if (status === 401 || status === 403) {
    // Such bodies tend to quote parts of the key.
    answer.destroy();
    answerError(
      response,
      status,
      `the model provider refused the credentials of this installation (${upstream.provider})`,
    );
    return { status, charge: { kind: 'nothing' } };
  }
  const trouble = readTrouble(status, answer);
  return { status, charge: await passAnswer(forwarding, answer, status), ...(trouble ? { trouble } : {}) };
}

/** It is busy or broken; what else it refuses is about the request. */
function readTrouble(status: number, { headers }: IncomingMessage): ModelTrouble | undefined {
  if (status !== 408 && status !== 429 && status < 500) return undefined;
  const now = Date.now();
  const pauseMs = readRetryAfter(headers, now);
  return { status, ...(pauseMs === undefined ? {} : { retryAt: now + pauseMs }) };
}

function openRequest({ upstream, route, request, incoming, identity, signal, idleMs }: Forwarding): ClientRequest {
  const open = upstream.secure ? requestHttps : requestHttp;
  const outgoing = open({
    hostname: upstream.hostname,
    port: upstream.port,
    path: `${upstream.prefix}${route.path}`,
    method: 'POST',
    signal,
    headers: {
      ...pickRequestHeaders(incoming.headers),
      ...renderKeyHeader(upstream, route.protocol),
      ...(identity !== undefined && { 'x-gatepilot-role': identity }),
      'content-type': 'application/json',
      'content-length': request.body.length,
      // Usage is read from the answer, so it must come as it is.
      'accept-encoding': 'identity',
    },
  });
  outgoing.setTimeout(idleMs, () => outgoing.destroy(new Error('the model provider went silent')));
  outgoing.end(request.body);
  return outgoing;
}

function waitForAnswer(outgoing: ClientRequest): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    outgoing.once('response', resolve);
    outgoing.on('error', () => resolve(undefined));
    outgoing.once('close', () => resolve(undefined));
  });
}

async function passAnswer(forwarding: Forwarding, answer: IncomingMessage, status: number): Promise<Charge> {
  const { route, response, signal, maxResponseBytes } = forwarding;
  const streamed = (answer.headers['content-type'] ?? '').startsWith('text/event-stream');
  const meter = createUsageMeter({ protocol: route.protocol, streamed, maxBytes: maxResponseBytes });
  response.writeHead(status, pickResponseHeaders(answer.headers));
  await pipeline(answer, meter.stream, response, { signal }).catch(() => response.destroy());
  const { usage, final } = meter.read();
  if (!route.metered) return { kind: 'nothing' };
  if (final) return { kind: 'told', usage };
  return status < 400 ? { kind: 'cut', usage } : { kind: 'nothing' };
}
