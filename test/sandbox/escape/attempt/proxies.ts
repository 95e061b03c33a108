// The model gateway is the one door in a sandbox. Without a sandbox there is a plain proxy that adds the key and asks
// nothing: what the gateway must not be.
import { type Attempt, node, sh } from '../attempt.ts';
import { gatewayPort } from '../door.ts';
import type { World } from '../world.ts';

const body = '{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"hello"}]}';

/** Sends bytes that no client would, and prints the answer. */
const say = (lines: (world: World) => readonly string[]) => (world: World) =>
  node(`
    import { connect } from "node:net";
    const socket = connect(${gatewayPort}, "127.0.0.1", () => socket.write(${JSON.stringify(lines(world).join('\r\n'))}));
    socket.on("data", (data) => process.stdout.write(data));
    socket.on("error", () => process.exit(1));
    setTimeout(() => process.exit(0), 700);`);

const post = (path: string, headers: readonly string[] = [], content = body) => [
  `POST ${path} HTTP/1.1`,
  'host: model',
  'content-type: application/json',
  `content-length: ${Buffer.byteLength(content)}`,
  ...headers,
  '',
  content,
];
const token = ({ grant }: World) => `x-api-key: ${grant().token}`;
const viaGateway: Attempt['spec'] = ({ grant }) => ({
  network: { mode: 'gateway', socket: grant().socket, port: gatewayPort },
});

/** The provider gives its secret to whoever comes with the key. */
const ask = (name: string, lines: (world: World) => readonly string[]): Attempt => ({
  name,
  spec: viaGateway,
  program: say(lines),
});

export const proxies: readonly Attempt[] = [
  ask('asks the model without a token', () => post('/v1/messages')),
  ask('asks the model with a token that it makes up', () => post('/v1/messages', ['x-api-key: gp_made-up'])),
  ask('asks the model with the token of another attempt', ({ otherToken }) =>
    post('/v1/messages', [`x-api-key: ${otherToken()}`]),
  ),
  ask("asks for the provider's files", (world) => post('/v1/files', [token(world)])),
  ask("asks for the provider's organisation", (world) => [
    'GET /v1/organizations/me HTTP/1.1',
    'host: model',
    token(world),
    '',
    '',
  ]),
  ask('asks for another path by way of an allowed one', (world) => post('/v1/messages/../files', [token(world)])),
  ask('asks for another path in disguise', (world) => post('/v1/%66iles', [token(world)])),
  ask('asks for another host by its full address', (world) =>
    post('http://169.254.169.254/v1/messages', [token(world)]),
  ),
  ask('asks for a tunnel', (world) => [
    'CONNECT 169.254.169.254:80 HTTP/1.1',
    'host: 169.254.169.254:80',
    token(world),
    '',
    'GET / HTTP/1.0',
    '',
    '',
  ]),
  ask('hides one request in another', (world) => [
    'POST /v1/messages HTTP/1.1',
    'host: model',
    token(world),
    'content-length: 4',
    'transfer-encoding: chunked',
    '',
    '0',
    '',
    ...post('/v1/files', [token(world)]),
  ]),
  ask('asks for a model that it was not granted', (world) =>
    post('/v1/messages', [token(world)], body.replace('"m"', '"the-dearest"')),
  ),
  {
    ...ask('asks once more than it may', (world) => [
      ...post('/v1/messages', [token(world)]),
      ...post('/v1/messages', [token(world), 'connection: close']),
    ]),
    reached: ({ stdout }, { secret }) => stdout.split(secret).length > 2,
  },
  {
    name: 'asks through the socket of another attempt',
    spec: viaGateway,
    program: ({ otherGateway }) =>
      node(`
        import { connect } from "node:net";
        const socket = connect({ path: ${JSON.stringify(otherGateway)} });
        socket.on("data", (data) => process.stdout.write(data));
        socket.on("error", () => process.exit(1));`),
  },
  {
    name: 'finds the sockets of other attempts beside its own',
    spec: viaGateway,
    program: ({ otherGateway }) =>
      sh(`ls /run/gatepilot "$(dirname "${otherGateway}")" | grep -q other && echo "it is done"`),
  },
  {
    name: 'puts a socket of its own in the place of one',
    spec: viaGateway,
    program: ({ otherGateway }) =>
      sh(
        `for own in "${otherGateway}" /run/gatepilot/gateway.sock; do mv "$own" "$own.old" && mv "$own.old" "$own" && echo "it is done"; done`,
      ),
  },
];
