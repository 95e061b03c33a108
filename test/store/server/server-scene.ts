// Folders, starters and clients for tests of the embedded Redis, all gone after each test.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import type { LogPort } from '../../../src/engine/port/log.ts';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../../src/store/server/embedded-redis.ts';
import type { EmbeddedRedisTools } from '../../../src/store/server/ensure-serving.ts';

export interface Logged {
  readonly level: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface Started {
  readonly pid: number;
  readonly socketPath: string;
}

const run = promisify(execFile);

export class ServerScene {
  readonly base = mkdtempSync('/tmp/redis-');
  readonly folder = join(this.base, 'data');
  readonly logged: Logged[] = [];
  readonly tools: EmbeddedRedisTools;
  #running: EmbeddedRedis[] = [];
  #clients: Redis[] = [];

  constructor(tools: EmbeddedRedisTools) {
    this.tools = tools;
  }

  readonly logger: LogPort = {
    debug: (facts, message) => void this.logged.push({ level: 'debug', facts, message }),
    info: (facts, message) => void this.logged.push({ level: 'info', facts, message }),
    warn: (facts, message) => void this.logged.push({ level: 'warn', facts, message }),
    error: (facts, message) => void this.logged.push({ level: 'error', facts, message }),
  };

  /** In this process, which then supervises the server. */
  async start(
    options: { folder?: string; timeoutMs?: number; tools?: EmbeddedRedisTools } = {},
  ): Promise<EmbeddedRedis> {
    const redis = await startEmbeddedRedis({ tools: this.tools, folder: this.folder, logger: this.logger, ...options });
    this.#running.push(redis);
    return redis;
  }

  /** In a process of its own that has ended when this resolves. */
  async startElsewhere(folder = this.folder): Promise<Started> {
    const options = JSON.stringify({ tools: this.tools, folder });
    const script = join(import.meta.dirname, 'starter-main.ts');
    const { stdout } = await run(process.execPath, [script, options], { env: {} });
    return JSON.parse(stdout);
  }

  connect(url: string): Redis {
    const client = new Redis(url, { retryStrategy: () => 20 });
    client.on('error', () => undefined);
    this.#clients.push(client);
    return client;
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    for (const redis of this.#running) await redis.stop();
    rmSync(this.base, { recursive: true, force: true });
  }
}
