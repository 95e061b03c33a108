// Stands for the internet: names that lead to addresses, and a TLS server that answers at those of the public ones that are
// its own, wherever it really listens.
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Outside } from '../../../src/egress/egress-context.ts';
import { makeCertificate } from './certificate.ts';

export const publicAddress = '1.2.3.4';

export interface TestOutside extends Outside {
  /** Of whoever vouches for the server. */
  readonly cert: string;
  /** Of 127.0.0.1, where it really listens. */
  readonly port: number;
  /** Answers of the resolver, the newest for each name; may be changed. */
  readonly names: Map<string, readonly string[]>;
  /** What was asked and connected to, in order. */
  readonly resolved: string[];
  readonly dialled: string[];
  /** Connections that are open to the server. */
  countOpen(): number;
  stop(): void;
}

export interface OutsideOptions {
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** What answers behind TLS; without it a greeting that names the host. */
  readonly onRequest?: RequestListener;
  /** In the place of TLS. */
  readonly onConnection?: (socket: Socket) => void;
  readonly ownAddresses?: readonly string[];
}

export async function openOutside(options: OutsideOptions): Promise<TestOutside> {
  const names = new Map(Object.entries(options.names));
  const { key, cert, authority } = makeCertificate([...names.keys()]);
  const http = createHttpServer(
    options.onRequest ?? ((request, response) => void response.end(`hello from ${request.headers.host}\n`)),
  );
  const tls = createTlsServer({ key, cert }, (socket) => void http.emit('connection', socket));
  tls.on('tlsClientError', () => undefined);
  const server: Server = tls;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined).once('close', () => open.delete(socket));
  });
  if (options.onConnection) server.removeAllListeners('connection').on('connection', options.onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const resolved: string[] = [];
  const dialled: string[] = [];
  return {
    cert: authority,
    port,
    names,
    resolved,
    dialled,
    countOpen: () => open.size,
    async resolve(host) {
      resolved.push(host);
      return names.get(host) ?? [];
    },
    dial(address) {
      dialled.push(address);
      // Every other address is one at which nobody answers.
      return connect({ host: '127.0.0.1', port: address === publicAddress ? port : 1, allowHalfOpen: true });
    },
    listOwnAddresses: () => options.ownAddresses ?? [],
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
