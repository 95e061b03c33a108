import { once } from 'node:events';
import { createServer } from 'node:net';
import type { SandboxSpec } from '../../engine/port/sandbox.ts';

/** On a network that is shared with the host, the port of the spec may be somebody's already. */
export async function chooseFreePort(network: SandboxSpec['network']): Promise<SandboxSpec['network']> {
  if (network.mode !== 'gateway') return network;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || !address) throw new Error('a server on loopback has no port');
  return { ...network, port: address.port };
}
