// A real Redis server for a test file, with the settings that the product runs on.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { readSurroundings } from '../../src/env.ts';
import { ensurePrerequisites } from '../../src/prerequisite/ensure-prerequisites.ts';
import type { Need, Tools } from '../../src/prerequisite/prerequisite.ts';
import { startEmbeddedRedis } from '../../src/store/server/embedded-redis.ts';
import { quiet } from './quiet.ts';

export interface TestRedis {
  readonly url: string;
  connect(): Redis;
  stop(): Promise<void>;
}

export async function startTestRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'gp-redis-'));
  const { redis: tools } = await findTools(['redis']);
  if (!tools) throw new Error('Redis was not looked for');
  const server = await startEmbeddedRedis({ tools, folder, logger: quiet });
  const clients: Redis[] = [];
  return {
    url: server.url,
    connect() {
      const client = new Redis(server.url);
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.disconnect();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function findTools(needs: readonly Need[]): Promise<Tools> {
  const found = await ensurePrerequisites({
    needs,
    cacheFolder: join(import.meta.dirname, '../../.cache/tools'),
    environment: readSurroundings(),
    out: (line) => void process.stderr.write(`${line}\n`),
  });
  if (found.kind === 'ready') return found.tools;
  throw new Error(found.problems.map(({ what, mend }) => `${what} ${mend}`).join('\n'));
}
