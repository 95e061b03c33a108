import { z } from 'zod';

export const DenialReason = z.enum([
  /** The list does not name it. */
  'not_listed',
  /** An address in the place of a name. */
  'address',
  'port',
  /** Its name leads to an address that is not one of the public internet. */
  'not_public',
  /** TLS named another host, none, or one that cannot be read. */
  'server_name',
  /** Something else than TLS. */
  'not_tls',
  'unreadable',
  /** More than an attempt may do. */
  'limit',
]);
export type DenialReason = z.infer<typeof DenialReason>;

/** What went through the egress proxy of an attempt and what it was denied. Names are hostile text, and bounded in number. */
export const NetworkReport = z.object({
  reached: z.array(
    z.object({
      host: z.string(),
      connections: z.number().int(),
      sentBytes: z.number().int(),
      receivedBytes: z.number().int(),
    }),
  ),
  /** Connections to hosts beyond those. */
  otherReached: z.number().int(),
  /** Each once, with the reason that it was denied for first. With a port where that is not 443. */
  denied: z.array(z.object({ host: z.string(), why: DenialReason, count: z.number().int() })),
  /** Denials of what is beyond those. */
  otherDenied: z.number().int(),
  /** What the agent's file asks for and the settings do not give. */
  withheld: z.array(z.string()).optional(),
});
export type NetworkReport = z.infer<typeof NetworkReport>;

/** More names than this tell nothing new. */
export const hostsAtMost = 20;

export const nothingReached: NetworkReport = { reached: [], otherReached: 0, denied: [], otherDenied: 0 };

export function addNetwork(a: NetworkReport, b: NetworkReport): NetworkReport {
  const reached = new Map<string, NetworkReport['reached'][number]>();
  for (const one of [...a.reached, ...b.reached]) {
    const { connections = 0, sentBytes = 0, receivedBytes = 0 } = reached.get(one.host) ?? {};
    reached.set(one.host, {
      host: one.host,
      connections: connections + one.connections,
      sentBytes: sentBytes + one.sentBytes,
      receivedBytes: receivedBytes + one.receivedBytes,
    });
  }
  const denied = new Map<string, NetworkReport['denied'][number]>();
  for (const one of [...a.denied, ...b.denied]) {
    const known = denied.get(one.host);
    denied.set(one.host, { ...(known ?? one), count: (known?.count ?? 0) + one.count });
  }
  const [kept, rest] = split([...reached.values()]);
  const [named, others] = split([...denied.values()]);
  const withheld = [...new Set([...(a.withheld ?? []), ...(b.withheld ?? [])])];
  return {
    reached: kept,
    otherReached: a.otherReached + b.otherReached + sum(rest.map(({ connections }) => connections)),
    denied: named,
    otherDenied: a.otherDenied + b.otherDenied + sum(others.map(({ count }) => count)),
    ...(withheld.length === 0 ? {} : { withheld }),
  };
}

function split<T>(all: readonly T[]): [T[], T[]] {
  return [all.slice(0, hostsAtMost), all.slice(hostsAtMost)];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
