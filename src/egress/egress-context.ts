import type { Socket } from 'node:net';

/** What one attempt may do. Whatever is over is denied, and told. */
export interface EgressLimits {
  /** At the same time. */
  readonly connections: number;
  /** In total, refused ones too; each needs a connection of its own. */
  readonly requests: number;
  /** In total, over all connections. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** From the first byte of a request until the host is connected and TLS has named it. */
  readonly openMs: number;
  /** A connection on which nothing moves. */
  readonly idleMs: number;
}

export const usualLimits: EgressLimits = {
  connections: 64,
  requests: 10_000,
  sentBytes: 256 * 1024 * 1024,
  receivedBytes: 4 * 1024 * 1024 * 1024,
  openMs: 20_000,
  idleMs: 120_000,
};

/** What stands between the proxy and the internet. */
export interface Outside {
  /** All addresses of a name; empty where there is none. Never rejects. */
  resolve(host: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Begins to connect to exactly this address. */
  dial(address: string): Socket;
  /** Addresses at which this machine itself answers. */
  listOwnAddresses(): readonly string[];
}
