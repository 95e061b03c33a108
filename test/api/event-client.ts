// A client of server-sent events that remembers what it got and can be cut off at any moment, as a browser's can.
import { type ClientRequest, get, type IncomingMessage } from 'node:http';

export interface Received {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: { readonly sequence?: number; readonly text?: string; readonly floor?: number };
}

export interface EventClient {
  readonly received: Received[];
  /** Of this connection. */
  readonly ended: Promise<void>;
  readonly response: IncomingMessage;
  disconnect(): void;
}

export async function openEvents(url: string, lastEventId?: string): Promise<EventClient> {
  const received: Received[] = [];
  let request: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { agent: false, headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId } });
    request.once('response', resolve);
    request.once('error', reject);
  });
  request?.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => response.once('close', () => resolve()));
  let rest = '';
  response.setEncoding('utf8');
  response.on('error', () => undefined);
  response.on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    received.push(...messages.flatMap(parseMessage));
  });
  return { received, ended, response, disconnect: () => request?.destroy() };
}

function parseMessage(message: string): Received[] {
  const fields = new Map(
    message.split('\n').map((line) => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [
    { id: fields.get('id'), event: fields.get('event') ?? 'message', data: JSON.parse(data) as Received['data'] },
  ];
}
