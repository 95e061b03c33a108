import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** What a sandbox does for its processes: the gateway's socket as a loopback port. */
export async function startRelay(socket: string): Promise<{ readonly url: string; stop(): void }> {
  const open = new Set<{ destroy(): void }>();
  const server = createServer((client) => {
    const upstream = connect(socket);
    for (const end of [client, upstream]) {
      open.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop() {
      server.close();
      for (const end of open) end.destroy();
    },
  };
}
