// One connection from a sandbox to a host of its list. The address is looked up once, judged, and connected to as it is, so
// that a name cannot lead elsewhere a moment later. Nothing reaches the other side before TLS has named the same host.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { DenialReason } from '../core/model/network-report.ts';
import { readClientHello } from './client-hello.ts';
import type { EgressLimits, Outside } from './egress-context.ts';
import { isPublicAddress } from './public-address.ts';
import type { Tally } from './tally.ts';

/** What all tunnels of an attempt share. */
export interface Lane {
  readonly outside: Outside;
  readonly limits: EgressLimits;
  readonly tally: Tally;
  /** Bytes of all of them so far. */
  readonly moved: { sent: number; received: number };
  /** Whatever is open, so that it can be cut. */
  readonly sockets: Set<Socket>;
}

/** Addresses of one host that are tried in turn. */
const addressesTried = 3;
const dialMs = 6_000;

/** `client`: right after its CONNECT, of which `head` is what it sent behind it. Never rejects. */
export async function openTunnel(lane: Lane, host: string, client: Socket, head: Buffer): Promise<void> {
  const opening = new AbortController();
  const end = () => opening.abort();
  const timer = setTimeout(end, lane.limits.openMs);
  client.once('close', end);
  try {
    const server = await reach(lane, host, { client, signal: opening.signal });
    if (!server) return;
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const hello = await takeHello(client, head, opening.signal);
    const denial = judgeHello(hello, host);
    // Whoever went away has done nothing that people should know of.
    if (denial && !client.destroyed) lane.tally.deny(denial.shown, denial.why);
    if (denial || client.destroyed) {
      client.destroy();
      server.destroy();
      return;
    }
    carry(lane, host, { client, server, hello: hello.bytes });
  } finally {
    clearTimeout(timer);
    client.off('close', end);
    if (opening.signal.aborted) client.destroy();
  }
}

interface Opening {
  readonly client: Socket;
  readonly signal: AbortSignal;
}

/** Connected, or undefined when the client was told why not. */
async function reach(lane: Lane, host: string, { client, signal }: Opening): Promise<Socket | undefined> {
  const found = await lane.outside.resolve(host, signal);
  if (signal.aborted) return undefined;
  const own = lane.outside.listOwnAddresses();
  const addresses = found.filter((address) => isPublicAddress(address) && !own.includes(address));
  if (found.length > 0 && addresses.length === 0) {
    lane.tally.deny(host, 'not_public');
    answer(client, 403, `${host} leads to an address that is not one of the public internet`);
    return undefined;
  }
  for (const address of addresses.slice(0, addressesTried)) {
    const server = await dial(lane, address, signal);
    if (server) return server;
    if (signal.aborted) return undefined;
  }
  answer(client, 502, found.length === 0 ? `${host} has no address` : `${host} does not answer`);
  return undefined;
}

async function dial(lane: Lane, address: string, signal: AbortSignal): Promise<Socket | undefined> {
  const server = lane.outside.dial(address);
  track(lane, server);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(dialMs)]);
  try {
    await once(server, 'connect', { signal: limit });
    return server;
  } catch {
    server.destroy();
    return undefined;
  }
}

/** From now on it is cut with the attempt, and its errors end it and nothing else. */
export function track({ sockets }: Lane, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
}

interface Hello {
  readonly reading: ReturnType<typeof readClientHello>;
  readonly bytes: Buffer;
}

/** A hello comes in a few pieces; reading it anew for each of thousands would be work that somebody inside gives us. */
const piecesAtMost = 64;

/** Reads until it is complete, cannot be one, or the client gives up. */
async function takeHello(client: Socket, head: Buffer, signal: AbortSignal): Promise<Hello> {
  let hello: Hello = { reading: readClientHello(head), bytes: head };
  if (hello.reading.kind !== 'more') return hello;
  await new Promise<void>((resolve) => {
    let pieces = 0;
    const settle = () => {
      client.pause();
      client.off('data', take).off('end', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const take = (piece: Buffer) => {
      pieces += 1;
      const bytes = Buffer.concat([hello.bytes, piece]);
      hello = { reading: readClientHello(bytes), bytes };
      if (hello.reading.kind !== 'more' || pieces >= piecesAtMost) settle();
    };
    client.on('data', take).once('end', settle);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
  });
  return hello;
}

function judgeHello({ reading }: Hello, host: string): { shown: string; why: DenialReason } | undefined {
  switch (reading.kind) {
    case 'named':
      return reading.serverName === host ? undefined : { shown: reading.serverName, why: 'server_name' };
    case 'unnamed':
      return { shown: host, why: 'server_name' };
    case 'more':
    case 'not_tls':
      return { shown: host, why: 'not_tls' };
  }
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly hello: Buffer;
}

function carry(lane: Lane, host: string, { client, server, hello }: Pair): void {
  const { limits, moved, tally } = lane;
  const count = tally.reach(host);
  const cut = () => {
    client.destroy();
    server.destroy();
  };
  const take = (sent: number, received: number) => {
    moved.sent += sent;
    moved.received += received;
    count(sent, received);
    if (moved.sent <= limits.sentBytes && moved.received <= limits.receivedBytes) return;
    tally.deny(host, 'limit');
    cut();
  };
  client.on('data', (chunk: Buffer) => take(chunk.length, 0));
  server.on('data', (chunk: Buffer) => take(0, chunk.length));
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ] as const) {
    // Nothing moved on this side for so long; also where the other one has ended and this one never does.
    socket.setTimeout(limits.idleMs, cut);
    socket.once('close', (isBroken) => (isBroken ? other.destroy() : other.destroySoon()));
  }
  server.write(hello);
  take(hello.length, 0);
  client.pipe(server);
  server.pipe(client);
}

/** In words for whoever reads the output of the program inside. */
export function answer(client: Socket, status: 403 | 502, why: string): void {
  const reason = { 403: 'Forbidden', 502: 'Bad Gateway' }[status];
  const body = `${why}\n`;
  client.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // What it sent besides is dropped, and whoever never ends its side is not waited for.
  client.resume();
  client.setTimeout(5_000, () => client.destroy());
}
