import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Outside } from './egress-context.ts';

const httpsPort = 443;

/**
 * Asks the resolvers of this machine itself, and not by way of the system: that would take one of the few threads on which
 * this process also reads files, for as long as a hostile name server likes.
 */
export const internet: Outside = {
  async resolve(host, signal) {
    const resolver = new Resolver({ timeout: 2_000, tries: 2 });
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  },
  dial: (address) => connect({ host: address, port: httpsPort, allowHalfOpen: true }),
  listOwnAddresses: () =>
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
};
