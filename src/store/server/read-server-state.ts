import { Redis } from 'ioredis';

export type ServerState =
  | { readonly kind: 'serving'; readonly pid: number }
  /** It is reading its data and answers nothing else yet. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'silent'; readonly why: string };

const answerTimeoutMs = 2_000;

/** Asks the server behind a socket who it is. Nobody answering is an answer. */
export async function readServerState(socketPath: string): Promise<ServerState> {
  return withConnection(socketPath, async (redis) => {
    const info = await redis.info();
    const pid = Number(/^process_id:(\d+)/m.exec(info)?.[1]);
    if (/^loading:1/m.test(info)) return { kind: 'loading' } as const;
    return Number.isInteger(pid)
      ? { kind: 'serving' as const, pid }
      : { kind: 'silent' as const, why: 'it gave no pid' };
  }).catch((error: unknown) => ({ kind: 'silent', why: error instanceof Error ? error.message : String(error) }));
}

/** Asks the server to write what it holds and end. It does not answer; that it is gone is for the caller to see. */
export async function requestShutdown(socketPath: string): Promise<void> {
  // The connection closing is how it agrees.
  await withConnection(socketPath, (redis) => redis.shutdown()).catch(() => undefined);
}

async function withConnection<Result>(socketPath: string, use: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis({
    path: socketPath,
    lazyConnect: true,
    retryStrategy: () => null,
    // A loading server would be waited for; we want to hear that it is loading.
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    connectTimeout: answerTimeoutMs,
    commandTimeout: answerTimeoutMs,
    disableClientInfo: true,
    // Otherwise a closed connection keeps the process for two seconds more.
    disconnectTimeout: 10,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
