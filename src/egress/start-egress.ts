// The egress proxy: the only way from a sandbox to the internet, outside of every sandbox. One socket for each attempt, with
// the list of that attempt; it speaks CONNECT and carries what is TLS to a host of the list, and nothing else.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { DenialReason } from '../core/model/network-report.ts';
import { isListed } from '../core/network/domain-pattern.ts';
import { findForbidden, isPermitted, type NetworkPermit } from '../core/network/network-permit.ts';
import type { EgressGrant, EgressPort } from '../engine/port/egress.ts';
import { SandboxRefused } from '../engine/port/sandbox.ts';
import { type EgressLimits, type Outside, usualLimits } from './egress-context.ts';
import { internet } from './internet.ts';
import { Tally } from './tally.ts';
import { parseTarget } from './target.ts';
import { answer, type Lane, openTunnel, track } from './tunnel.ts';

export interface EgressOptions {
  /** For the sockets; created with mode 0700 and used by this proxy alone. Short: a socket's path has 107 bytes at most. */
  readonly folder: string;
  readonly permit: NetworkPermit;
  readonly limits?: Partial<EgressLimits>;
  /** The internet, unless a test has another one. */
  readonly outside?: Outside;
}

export interface RunningEgress extends EgressPort {
  /** Revokes every grant. */
  stop(): Promise<void>;
}

const headBytesAtMost = 8 * 1024;

export async function startEgress(options: EgressOptions): Promise<RunningEgress> {
  const { folder, permit, outside = internet } = options;
  const limits = { ...usualLimits, ...options.limits };
  await clearFolder(folder);
  const revokers = new Set<() => Promise<unknown>>();
  return {
    async grant(domains): Promise<EgressGrant> {
      const [forbidden] = findForbidden(domains, permit);
      if (forbidden !== undefined)
        throw new SandboxRefused(`network to ${forbidden}`, 'the operator of this worker does not permit it');
      const socket = join(folder, `${randomBytes(6).toString('hex')}.sock`);
      if (Buffer.byteLength(socket) > 107) throw new Error(`the path of a socket would be too long: ${socket}`);
      const tally = new Tally();
      const lane: Lane = { outside, limits, tally, moved: { sent: 0, received: 0 }, sockets: new Set() };
      const mayReach = (host: string) => isListed(host, domains) && isPermitted(host, permit);
      const server = await listen(createProxy(lane, mayReach), socket);
      // The sandbox runs as another user; who may reach the socket at all is decided by the folder and the mount.
      await chmod(socket, 0o666);
      let revoked: Promise<void> | undefined;
      const revoke = async () => {
        revoked ??= close(server, lane);
        await revoked;
        revokers.delete(revoke);
        return tally.report();
      };
      revokers.add(revoke);
      return { socket, report: () => tally.report(), revoke };
    },
    async stop() {
      await Promise.all([...revokers].map((revoke) => revoke()));
    },
  };
}

function createProxy(lane: Lane, mayReach: (host: string) => boolean): Server {
  const { limits, tally } = lane;
  const server = createServer({
    maxHeaderSize: headBytesAtMost,
    headersTimeout: limits.openMs,
    requestTimeout: limits.openMs,
    connectionsCheckingInterval: Math.min(1_000, limits.openMs),
    keepAliveTimeout: 1_000,
  });
  server.maxConnections = limits.connections;
  let accepted = 0;
  const count = () => {
    accepted += 1;
    if (accepted !== limits.requests) return;
    tally.deny('more requests', 'limit');
    // From now on the kernel refuses them: whoever asks without end must not keep this process busy.
    server.close();
  };
  server.on('drop', () => {
    tally.deny('more connections at a time', 'limit');
    count();
  });
  server.on('connection', (client: Socket) => {
    track(lane, client);
    count();
  });
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const target = parseTarget(request);
    const deny = (shown: string, why: DenialReason, told: string) => {
      tally.deny(shown, why);
      answer(client, 403, told);
    };
    if (target.kind === 'denied')
      return deny(target.shown, target.why, 'only names of hosts, at port 443, are reached');
    if (!mayReach(target.host))
      return deny(target.host, 'not_listed', `${target.host} is not among the hosts that this attempt may reach`);
    void openTunnel(lane, target.host, client, head);
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    tally.deny(hostOf(request), 'not_tls');
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
    response.end('only encrypted connections are carried: use https\n', () => request.socket.destroySoon());
  });
  server.on('clientError', (_error, client) => {
    tally.deny('a request that cannot be read', 'unreadable');
    client.destroy();
  });
  return server;
}

/** Of a request in the clear: as far as it says so. */
function hostOf({ url = '', headers }: IncomingMessage): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] || headers.host || 'a request in the clear';
}

/** Sockets that a killed process left behind are gone for good. */
async function clearFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const stale = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
}

function listen(server: Server, path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => resolve(server));
  });
}

function close(server: Server, { sockets }: Lane): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
