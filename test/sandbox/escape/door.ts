// The one door of a sandbox, the model gateway, before a provider that gives the secret to whoever comes with the key;
// and what stands in its place where there is no sandbox: a proxy that adds the key and asks nothing.
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { SandboxModelGrant } from '../../../src/engine/port/model.ts';
import { startGateway } from '../../../src/llm/gateway/start-gateway.ts';
import { answerJson, startFakeProvider } from '../../llm/fake-provider.ts';

/** The gateway's inside of a sandbox, the plain proxy's outside: one program asks either. */
export const gatewayPort = 4_000;

export interface Door {
  readonly grant: () => SandboxModelGrant;
  readonly otherToken: () => string;
  /** A grant that nothing was asked with yet. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

export async function openDoor(folder: string, secret: string): Promise<Door> {
  const provider = await startFakeProvider();
  provider.answer((response) => answerJson(response, { usage: { input_tokens: 1, output_tokens: 1 }, said: secret }));
  const upstream = { baseUrl: provider.url, apiKey: 'the-real-key', provider: 'anthropic' } as const;
  const gateway = await startGateway({ upstream, folder: join(folder, 'gateway'), onUsage: () => undefined });
  // Here the worker may be another user than the gateway's.
  chmodSync(join(folder, 'gateway'), 0o755);
  const proxy = createServer({ insecureHTTPParser: true }, (incoming, response) =>
    pass(incoming, response, provider.url),
  );
  proxy.on('connect', (incoming: IncomingMessage, client, head) => {
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const server = connect(Number(port || 80), hostname, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    for (const side of [client, server]) side.on('error', () => undefined);
  });
  proxy.listen(gatewayPort, '127.0.0.1');
  await once(proxy, 'listening');
  const open = (run: string) =>
    gateway.grant({ run, role: 'coder', attempt: 'a1', limits: { tokens: 100_000, requests: 1, models: ['m'] } });
  const other = await open('other');
  let own = await open('own');
  return {
    grant: () => own,
    otherToken: () => other.token,
    async renew() {
      await own.revoke();
      own = await open('own');
    },
    async close() {
      proxy.close();
      proxy.closeAllConnections();
      await gateway.stop();
      await provider.stop();
    },
  };
}

function pass(incoming: IncomingMessage, response: ServerResponse, provider: string): void {
  const url = /^http:/.test(incoming.url ?? '') ? `${incoming.url}` : `${provider}${incoming.url}`;
  const outgoing = request(
    url,
    { method: incoming.method ?? 'GET', headers: { 'x-api-key': 'the-real-key' } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500);
      answer.pipe(response);
    },
  );
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}
