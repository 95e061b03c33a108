import { Redis } from 'ioredis';
import type { LogPort } from '../engine/port/log.ts';

interface Patience {
  /** Null where a command waits for as long as the server is away. */
  readonly maxRetriesPerRequest: number | null;
  readonly connectTimeout?: number;
  readonly commandTimeout?: number;
}

/** A client that says what goes wrong, and leaves a server that may not be written to any more. */
export function connectRedis(url: string, log: LogPort, options: Patience): Redis {
  const redis = new Redis(url, { reconnectOnError: isDemoted, ...options });
  redis.on('error', (error: Error) => log.warn({ error: error.message }, 'Redis'));
  return redis;
}

/** After a failover the old primary keeps its connections; behind the same name there is another one by then. */
function isDemoted(error: Error): boolean {
  return error.message.startsWith('READONLY');
}
