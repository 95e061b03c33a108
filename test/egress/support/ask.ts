// A client of the egress proxy that is free to do everything wrong.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Everything that comes back until the other side ends or cuts. */
export async function say(socketPath: string, text: string | Buffer): Promise<string> {
  const socket = connect(socketPath);
  socket.on('error', () => undefined);
  socket.write(text);
  return await readAll(socket);
}

export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  socket.destroy();
  return Buffer.concat(chunks).toString();
}

/** The socket behind a CONNECT that was granted; throws what was answered otherwise. */
export async function openTo(socketPath: string, target: string): Promise<Socket> {
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (String(answer).startsWith('HTTP/1.1 200')) return socket;
  socket.destroy();
  throw new Error(String(answer));
}

export interface Fetching {
  readonly target?: string;
  readonly serverName?: string;
  readonly ca: string;
  readonly body?: Buffer;
}

/** A request over TLS through the proxy, with whatever name TLS is to say. */
export async function fetchBy(
  socketPath: string,
  host: string,
  { target, serverName, ca, body }: Fetching,
): Promise<string> {
  const socket = await openTo(socketPath, target ?? `${host}:443`);
  const tls = connectTls({ socket, ca, servername: serverName ?? host, checkServerIdentity: () => undefined });
  const method = body ? 'POST' : 'GET';
  tls.write(
    `${method} / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-length: ${body?.length ?? 0}\r\n\r\n`,
  );
  if (body) tls.write(body);
  return await readAll(tls);
}
