// Stands between the worker and Redis and passes everything on, until the n-th saved decision: its answer is kept
// back, so that the worker can be killed at exactly the moment at which the decision is saved and nobody knows it yet.
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** How the save script's answer to a decision that was taken begins, as Redis writes it. */
const savedAnswer = Buffer.from('*2\r\n$5\r\nsaved\r\n');

export interface SaveGate {
  readonly url: string;
  /** Resolves when the n-th decision is saved. From then on the gate passes everything again, on new connections. */
  readonly reached: Promise<void>;
  stop(): Promise<void>;
}

export async function startSaveGate(options: { redisUrl: string; folder: string; n: number }): Promise<SaveGate> {
  let left = options.n;
  let announce = () => {};
  const reached = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = createConnection(options.redisUrl);
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(redis);
    redis.on('data', (chunk: Buffer) => {
      if (left > 0) left -= Math.min(left, countSaved(chunk));
      if (left === 0 && !isReached) {
        isReached = true;
        redis.pause();
        announce();
        return;
      }
      client.write(chunk);
    });
    redis.on('close', () => client.destroy());
    client.on('close', () => redis.destroy());
  });
  let isReached = false;
  const url = join(options.folder, 'gate.sock');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(url, resolve);
  });
  return {
    url,
    reached,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** An answer that is torn over two chunks is not counted; Redis writes an answer this short in one piece. */
function countSaved(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(savedAnswer); at >= 0; at = chunk.indexOf(savedAnswer, at + 1)) count += 1;
  return count;
}
