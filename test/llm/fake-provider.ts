// A provider that answers what a test says, and keeps what it was sent.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeProvider {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves when a request's client has gone away before its answer was complete. */
  readonly brokenOff: Promise<void>;
  /** What is done with every request from now on. */
  answer(respond: (response: ServerResponse, request: SeenRequest) => void): void;
  stop(): Promise<void>;
}

export async function startFakeProvider(): Promise<FakeProvider> {
  const seen: SeenRequest[] = [];
  const brokenOff = Promise.withResolvers<void>();
  let respond: (response: ServerResponse, request: SeenRequest) => void = (response) => answerJson(response, {});
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method, url, headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
    seen.push(request);
    response.on('close', () => {
      if (!response.writableFinished) brokenOff.resolve();
    });
    respond(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    brokenOff: brokenOff.promise,
    answer(next) {
      respond = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function answerJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Server-sent events, written in pieces of `pieceBytes` so that lines are split anywhere. */
export async function answerEvents(response: ServerResponse, events: readonly unknown[], pieceBytes = 7) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const bytes = Buffer.from(renderEvents(events));
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    response.write(bytes.subarray(at, at + pieceBytes));
    await new Promise(setImmediate);
  }
  response.end();
}

export function renderEvents(events: readonly unknown[]): string {
  return events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\r\n\r\n`).join('');
}
