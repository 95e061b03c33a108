import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Attempt, done, node, sh } from '../attempt.ts';
import type { World } from '../world.ts';

/** Prints what the other side says. */
const talk = (target: string) =>
  node(`
  import { connect } from "node:net";
  const socket = connect(${target}, () => socket.write("GET / HTTP/1.0\\r\\n\\r\\n"));
  socket.on("data", (data) => console.log(String(data)));
  socket.on("error", (error) => console.log(error.code));`);

const reach = (name: string, target: (world: World) => string): Attempt => ({
  name: `reaches ${name}`,
  program: (world) => talk(target(world)),
});

const listenedPort = 4_711;

/** Whether somebody on the machine is answered there, within the time that the program runs. */
async function isAnswered(): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(listenedPort, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
}

let wasAnswered: Promise<boolean> | undefined;

export const network: readonly Attempt[] = [
  reach("the worker's database on loopback", ({ tcpPort }) => `${tcpPort}, "127.0.0.1"`),
  reach('it by another address of loopback', ({ tcpPort }) => `${tcpPort}, "::1"`),
  reach('it by a name', ({ tcpPort }) => `${tcpPort}, "localhost"`),
  reach('the metadata of the cloud', () => '80, "169.254.169.254"'),
  reach('a service of the private network', () => '80, "10.20.30.40"'),
  reach('a daemon by its socket', ({ dockerSocket }) => `{ path: ${JSON.stringify(dockerSocket)} }`),
  reach('a daemon by a socket without a file', () => '{ path: "\\0worker" }'),
  reach(
    'a daemon by a link to its socket',
    ({ dockerSocket }) =>
      `(await import("node:fs")).symlinkSync(${JSON.stringify(dockerSocket)}, "daemon-" + process.pid) ?? { path: "daemon-" + process.pid }`,
  ),
  {
    name: 'asks the resolver of names',
    program: ({ udpPort }) =>
      node(`
      import { createSocket } from "node:dgram";
      const socket = createSocket("udp4", (message) => { console.log(String(message)); process.exit(0); });
      socket.on("error", () => process.exit(1));
      socket.send("who?", ${udpPort}, "127.0.0.53");
      setTimeout(() => process.exit(2), 1500);`),
  },
  {
    name: 'fetches with a tool of the system',
    program: () => [
      'perl',
      '-MIO::Socket::INET',
      '-e',
      '$s = IO::Socket::INET->new(PeerAddr => "10.20.30.40:80", Timeout => 2) or exit; print $s "GET / HTTP/1.0\\r\\n\\r\\n"; print <$s>',
    ],
  },
  {
    name: 'sees the addresses of the machine',
    program: () =>
      node(`
      import { networkInterfaces } from "node:os";
      const all = Object.values(networkInterfaces()).flat().map(({ address }) => address);
      if (all.includes("10.20.30.40")) console.log("${done}");`),
  },
  {
    name: 'sees the connections of the machine',
    program: ({ tcpPort }) =>
      sh(`grep -qi ":${tcpPort.toString(16).padStart(4, '0')} " /proc/net/tcp && echo "${done}"`),
  },
  {
    name: 'sees the sockets of the machine',
    program: ({ dockerSocket }) => sh(`grep -q "${dockerSocket}" /proc/net/unix && echo "${done}"`),
  },
  {
    name: 'lets somebody on the machine in',
    prepare: () => {
      wasAnswered = (async () => {
        for (let tries = 0; tries < 100; tries += 1) {
          if (await isAnswered()) return true;
          await sleep(40);
        }
        return false;
      })();
    },
    program: () =>
      node(`
      import { createServer } from "node:net";
      createServer((socket) => socket.end()).listen(${listenedPort}, "127.0.0.1");
      setTimeout(() => process.exit(0), 2500);`),
    reached: async () => (await wasAnswered) ?? false,
  },
];
