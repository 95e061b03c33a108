// The public server: it takes webhooks and says whether it is alive. Nothing else is served here.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookPath } from '../core/address/webhook-path.ts';
import type { LogPort } from '../engine/port/log.ts';
import { readLimited } from './read-limited.ts';

export interface WebOptions {
  readonly host: string;
  readonly port: number;
  /** Verifies the signature, then keeps what was said; throws with `status` on a person's mistake. */
  readonly receive: (delivery: { id: string; name: string; signature: string; payload: string }) => Promise<void>;
  readonly isReady: () => Promise<boolean>;
  readonly log: LogPort;
}

export interface RunningWeb {
  readonly port: number;
  close(): Promise<void>;
}

/** GitHub's own limit for a payload. */
const payloadBytesAtMost = 25 * 1024 * 1024;

/** Keeping a delivery takes milliseconds. */
const lastAnswersMs = 3_000;

export async function startWeb(options: WebOptions): Promise<RunningWeb> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.log.error({ error: String(error) }, 'a request could not be answered');
      if (response.headersSent) response.destroy();
      else say(response, 500, 'internal error');
    });
  });
  server.requestTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: readPort(server), close: () => closeServer(server) };
}

async function answer(options: WebOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0];
  if (request.method === 'POST' && path === webhookPath) return await takeDelivery(options, request, response);
  if (request.method === 'GET' && path === '/healthz') return say(response, 200, 'ok');
  if (request.method === 'GET' && path === '/readyz') {
    const isReady = await options.isReady().catch(() => false);
    return say(response, isReady ? 200 : 503, isReady ? 'ready' : 'not ready: Redis does not answer');
  }
  say(response, 404, 'not found');
}

async function takeDelivery(options: WebOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = readHeader(request, 'x-github-delivery');
  const name = readHeader(request, 'x-github-event');
  const signature = readHeader(request, 'x-hub-signature-256');
  if (id === '' || name === '' || signature === '') return say(response, 400, 'this is not a signed GitHub delivery');
  const body = await readLimited(request, payloadBytesAtMost);
  if (body === undefined) return say(response, 413, `a payload has at most ${payloadBytesAtMost} bytes`);
  try {
    await options.receive({ id, name, signature, payload: body.toString('utf8') });
    say(response, 200, 'kept');
  } catch (error) {
    const status = readStatus(error);
    if (status === undefined)
      options.log.error({ deliveryId: id, name, error: String(error) }, 'a delivery could not be kept');
    // A failed answer is what makes GitHub list the delivery as failed, so that it can be delivered again.
    say(response, status ?? 500, status === undefined ? 'the delivery could not be kept' : 'the delivery was refused');
  }
}

function readHeader(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** Probot wraps what went wrong in an AggregateError; a wrong signature or payload carries a status. */
function readStatus(error: unknown): number | undefined {
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error && 'status' in inner && inner.status === 400 ? 400 : undefined;
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(`${text}\n`);
}

function readPort(server: Server): number {
  const address = server.address() as AddressInfo | null;
  return address?.port ?? 0;
}

/** Deliveries under way are answered; a connection on which nobody says anything does not hold up the end of the process. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), lastAnswersMs).unref();
  });
}
