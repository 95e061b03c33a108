// A Git host over HTTP with Basic authentication: git's own `http-backend` behind a small server.
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const credentials = { username: 'x-access-token', password: 'ghs_secret-of-this-test-0123456789' };

export interface HttpRemote {
  readonly origin: string;
  /** The `Authorization` headers that arrived, newest last. */
  readonly authorizations: readonly (string | undefined)[];
  /** Answers every request with this instead, until it is set back. */
  answerWith(answer: { status: number; headers?: Record<string, string> } | undefined): void;
  /** Called before each request is answered. */
  beforeRequest(hook: (request: IncomingMessage) => void): void;
  close(): Promise<void>;
}

export async function startHttpRemote(folder: string): Promise<HttpRemote> {
  const authorizations: (string | undefined)[] = [];
  let fixed: { status: number; headers?: Record<string, string> } | undefined;
  let hook: (request: IncomingMessage) => void = () => undefined;
  const expected = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    hook(request);
    if (fixed) return void response.writeHead(fixed.status, fixed.headers).end();
    if (request.headers.authorization !== expected) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    }
    answerFromBackend(folder, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A server on a TCP port always has one.
  return {
    origin: `http://127.0.0.1:${port}`,
    authorizations,
    answerWith: (answer) => {
      fixed = answer;
    },
    beforeRequest: (next) => {
      hook = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerFromBackend(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://remote');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      REMOTE_USER: credentials.username,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: request.headers['content-length'] }),
    },
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => undefined);
  let head: Buffer | undefined = Buffer.alloc(0);
  backend.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const fields = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(': ') as [string, string]); // CGI header lines.
    const headers = Object.fromEntries(fields);
    const { Status: status, ...rest } = headers;
    response.writeHead(Number.parseInt(status ?? '200', 10), rest);
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  backend.on('close', () => response.end());
}
