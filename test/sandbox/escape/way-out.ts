// The way out of a sandbox to the internet, the egress proxy with a list; and what stands in its place where there is no
// sandbox: a proxy as they are written in an hour, which believes what it is told and looks a name up as often as it likes.
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { Outside } from '../../../src/egress/egress-context.ts';
import { startEgress } from '../../../src/egress/start-egress.ts';
import type { EgressGrant } from '../../../src/engine/port/egress.ts';
import { makeCertificate } from '../../egress/support/certificate.ts';
import { publicAddresses } from './world.ts';

/** The guarded proxy's inside of a sandbox, the plain one's outside: one program asks either. */
export const proxyPort = 3_128;
/** What an attempt may open, send and wait for; small, so that going beyond it takes little time. */
export const limits = { connections: 20, sentBytes: 1_000_000, openMs: 8_000, idleMs: 20_000 };

/** What stands for a name that only the host itself can read. */
export const hiddenName = 'a hidden name';

const listed = [
  'registry.example.com',
  '*.files.example.com',
  'inside.example.com',
  'mapped.example.com',
  'own.example.com',
];

export interface WayOut {
  readonly grant: () => EgressGrant;
  readonly other: () => EgressGrant;
  /** A grant by which nothing went yet. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

export async function openWayOut(folder: string, secret: string): Promise<WayOut> {
  const servers = await serveInternet(secret);
  const outside = openNames();
  const permit = { allow: ['*'], deny: [] };
  const egress = await startEgress({ folder: join(folder, 'egress'), permit, outside, limits });
  // Here the worker may be another user than the proxy's.
  chmodSync(join(folder, 'egress'), 0o755);
  const plain = createServer((client) => serveAnything(client, outside));
  plain.listen(proxyPort, '127.0.0.1');
  await once(plain, 'listening');
  const other = await egress.grant(['evil.example.org']);
  const open = () => egress.grant([...listed, 'moving.files.example.com']);
  let own = await open();
  return {
    grant: () => own,
    other: () => other,
    async renew() {
      await own.revoke();
      own = await open();
      outside.rewind();
    },
    async close() {
      await egress.stop();
      for (const server of [plain, ...servers]) server.close();
    },
  };
}

/** Names of the world. One leads somewhere else each time that it is asked for. */
function openNames(): Outside & { rewind(): void } {
  let turns = 0;
  const names: Readonly<Record<string, string>> = {
    'registry.example.com': publicAddresses.listed,
    'evil.example.org': publicAddresses.unlisted,
    'registry.example.com.evil.example.org': publicAddresses.unlisted,
    'inside.example.com': '169.254.169.254',
    'mapped.example.com': '::ffff:10.20.30.40',
    'own.example.com': publicAddresses.own,
  };
  return {
    rewind() {
      turns = 0;
    },
    async resolve(host) {
      if (host !== 'moving.files.example.com') return names[host] === undefined ? [] : [names[host]];
      turns += 1;
      return [turns % 2 === 1 ? publicAddresses.listed : '169.254.169.254'];
    },
    dial: (address) => connect({ host: address, port: 443, allowHalfOpen: true }),
    listOwnAddresses() {
      const all = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
      const { listed: one, unlisted: other } = publicAddresses;
      return all.filter((address) => address !== one && address !== other);
    },
  };
}

/** Whoever reaches one of these has the secret, but for the one host that may be reached. */
async function serveInternet(secret: string): Promise<Server[]> {
  const { key, cert } = makeCertificate(['registry.example.com', 'evil.example.org']);
  const tls = createTlsServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined);
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      // Once it has all of it: whoever answers in the middle may cut what is still on its way.
      if (received === 3 * limits.sentBytes) socket.end(`${secret}\n`);
      if (!String(chunk.subarray(0, 4)).startsWith('GET ')) return;
      // A host of many names, as large ones are.
      socket.end(socket.servername === 'registry.example.com' ? 'the registry\n' : `${secret}\n`);
    });
  });
  tls.on('tlsClientError', () => undefined);
  const host = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', (chunk: Buffer) => {
        // In the clear, or hidden in the hello.
        if (chunk[0] !== 22 || chunk.includes(hiddenName)) {
          socket.end(`${secret}\n`);
          return;
        }
        socket.pause().unshift(chunk);
        tls.emit('connection', socket);
      });
  });
  const raw = () => createServer((socket) => void socket.on('error', () => undefined).end(`${secret}\n`));
  const listening: [Server, ListenOptions][] = [
    [host, { host: publicAddresses.listed, port: 443 }],
    [createServer((socket) => void host.emit('connection', socket)), { host: publicAddresses.unlisted, port: 443 }],
    ...['127.0.0.1', '::1', '10.20.30.40', '169.254.169.254', publicAddresses.own].map(
      (address): [Server, ListenOptions] => [raw(), { host: address, port: 443 }],
    ),
    [raw(), { host: publicAddresses.listed, port: 22 }],
  ];
  for (const [server, where] of listening) {
    server.listen(where);
    await once(server, 'listening');
  }
  return listening.map(([server]) => server);
}

/** Takes the last target that it sees in whatever comes, up to what would end a string in C, and behind a user's name. */
function serveAnything(client: Socket, outside: Outside): void {
  let head = Buffer.alloc(0);
  const take = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    client.off('data', take).pause();
    const text = head.subarray(0, end).toString('latin1');
    const plain = /^GET http:\/\/([^/]+)/.exec(text)?.[1];
    const asked = plain === undefined ? [...text.matchAll(/CONNECT ([^\r\n ]+):(\d+)/g)].at(-1) : ['', plain, '80'];
    const host = (asked?.[1] ?? '')
      .replace(/\0.*:|\0.*$/, '')
      .replace(/^.*@/, '')
      .replace(/^\[|\]$/g, '');
    void forward(client, outside, {
      host,
      port: Number(asked?.[2]),
      head: plain === undefined ? head.subarray(end + 4) : head,
    });
  };
  client.on('data', take).on('error', () => undefined);
}

async function forward(
  client: Socket,
  outside: Outside,
  { host, port, head }: { host: string; port: number; head: Buffer },
): Promise<void> {
  const { signal } = new AbortController();
  // It looks whether the name is a good one, and then lets it be looked up again.
  await outside.resolve(host, signal);
  const [address = host] = await outside.resolve(host, signal);
  const server = connect(port, address, () => {
    if (port !== 80) client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.write(head);
    client.pipe(server);
    server.pipe(client);
  });
  server.on('error', () => client.destroy());
}
