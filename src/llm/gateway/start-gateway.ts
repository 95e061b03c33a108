// The model gateway: outside every sandbox, and the only place that knows the provider's key. It keeps no log: neither
// bodies nor tokens nor the key are written anywhere.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import type { HostModelGrant, ModelGateway, SandboxModelGrant } from '../../engine/port/model.ts';
import type { ModelPrices } from '../price.ts';
import { answerError } from './answer.ts';
import type { GatewayContext, UsageRecord } from './gateway-context.ts';
import { createGrant, type Grant } from './grant.ts';
import { parseUpstream, type UpstreamOptions } from './upstream.ts';

export interface GatewayOptions {
  readonly upstream: UpstreamOptions;
  /** For the sockets; created with mode 0700 and used by this gateway alone. Short: a socket's path has 107 bytes at most. */
  readonly folder: string;
  /** Called once for each forwarded request, when it is settled. Must not throw. */
  readonly onUsage: (record: UsageRecord) => void;
  readonly prices?: ModelPrices;
  /** Adds `x-gatepilot-role: run/role/attempt`. Only for a scripted model: no provider should learn our names. */
  readonly forwardIdentity?: boolean;
  readonly maxRequestBytes?: number;
  readonly maxResponseBytes?: number;
  readonly maxOpenRequests?: number;
  readonly idleMs?: number;
}

export interface RunningGateway extends ModelGateway {
  /** Revokes every grant and closes every socket. */
  stop(): Promise<void>;
}

export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const context: GatewayContext = {
    upstream: parseUpstream(options.upstream),
    forwardIdentity: options.forwardIdentity ?? false,
    prices: options.prices ?? {},
    onUsage: options.onUsage,
    maxRequestBytes: options.maxRequestBytes ?? 16 * 1024 * 1024,
    maxResponseBytes: options.maxResponseBytes ?? 64 * 1024 * 1024,
    maxOpenRequests: options.maxOpenRequests ?? 8,
    idleMs: options.idleMs ?? 600_000,
  };
  await clearFolder(options.folder);
  const revokers = new Set<() => Promise<unknown>>();
  const hostGrants = new Set<Grant>();
  const hostServer = await listen(serveAny(hostGrants), { host: '127.0.0.1', port: 0 });
  const baseUrl = `http://127.0.0.1:${readPort(hostServer)}`;

  return {
    provider: context.upstream.provider,

    async grant({ limits, ...caller }): Promise<SandboxModelGrant> {
      const grant = createGrant(context, caller, limits);
      const socket = join(options.folder, `${randomBytes(6).toString('hex')}.sock`);
      if (Buffer.byteLength(socket) > 107) throw new Error(`the path of a socket would be too long: ${socket}`);
      const server = await listen(serveAny(new Set([grant])), { path: socket });
      // The sandbox runs as another user; who may reach the socket at all is decided by the folder and the mount.
      await chmod(socket, 0o666);
      const revoke = once(async () => {
        revokers.delete(revoke);
        const usage = await grant.end();
        await close(server);
        return usage;
      });
      revokers.add(revoke);
      return { token: grant.token, socket, usage: grant.usage, trouble: grant.trouble, revoke };
    },

    grantHost({ limits, ...caller }): HostModelGrant {
      const grant = createGrant(context, caller, limits);
      hostGrants.add(grant);
      const revoke = once(async () => {
        revokers.delete(revoke);
        hostGrants.delete(grant);
        return grant.end();
      });
      revokers.add(revoke);
      return { token: grant.token, baseUrl, usage: grant.usage, revoke };
    },

    async stop() {
      await Promise.all([...revokers].map((revoke) => revoke()));
      await close(hostServer);
    },
  };
}

function serveAny(grants: ReadonlySet<Grant>): RequestListener {
  return (request, response) => {
    request.on('error', () => response.destroy());
    const grant = [...grants].find((candidate) => candidate.isShownBy(request));
    if (grant) void grant.serve(request, response);
    else answerError(response, 401, 'unknown or revoked token');
  };
}

/** Sockets that a killed process left behind are gone for good: their tokens died with it. */
async function clearFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const stale = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
}

function listen(
  listener: RequestListener,
  address: { path: string } | { host: string; port: number },
): Promise<Server> {
  const server = createServer(listener);
  server.maxConnections = 64;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function readPort(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the gateway has no port');
  return address.port;
}

function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let result: Promise<Value> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
