// Plain requests to the gateway, as raw as a hostile client would make them.
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { HostModelGrant, SandboxModelGrant } from '../../src/engine/port/model.ts';

export interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** False when the connection broke before the end. */
  readonly complete: boolean;
}

export const hello = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] };

/** Sends the request and resolves with the head of the answer. */
export function open(grant: SandboxModelGrant | HostModelGrant, ask: Ask = {}): Promise<IncomingMessage> {
  const { path = '/v1/messages', method = 'POST', token = grant.token, headers = {}, body = hello } = ask;
  const target = 'socket' in grant ? { socketPath: grant.socket } : { port: Number(new URL(grant.baseUrl).port) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...target, path, method, headers: { 'x-api-key': token, ...headers }, agent: false });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

export async function ask(grant: SandboxModelGrant | HostModelGrant, options: Ask = {}): Promise<Reply> {
  const response = await open(grant, options);
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    body += chunk;
  });
  await new Promise((resolve) => {
    response.on('error', () => {});
    response.on('close', resolve);
  });
  return { status: response.statusCode ?? 0, headers: response.headers, body, complete: response.complete };
}

/** The first line that comes back for bytes that no HTTP client would send. */
export function sendRaw(grant: SandboxModelGrant, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(grant.socket, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text.split('\r\n', 1)[0] ?? ''));
    socket.on('error', reject);
  });
}
