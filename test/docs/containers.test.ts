// What can be held of the containers without an engine: that compose.yaml, the Dockerfile and what a container runs agree.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkRedis } from '../../src/store/server/check-redis.ts';
import { findTools } from '../support/redis.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

const Service = z.strictObject({
  build: z.literal('.').optional(),
  image: z.string(),
  command: z.string(),
  env_file: z.literal('.env').optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.array(z.string()).optional(),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.string().optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  security_opt: z.array(z.string()).optional(),
});
const Compose = z
  .strictObject({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) })
  .loose();

let compose: z.infer<typeof Compose>;
let dockerfile: string;
let folder: string;
beforeAll(async () => {
  compose = Compose.parse(parse(await readFile(join(root, 'compose.yaml'), 'utf8'), { merge: true }));
  dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'gp-container-'));
  await writeFile(join(folder, 'node'), '#!/bin/sh\necho "node $*"\n');
  await chmod(join(folder, 'node'), 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

/** What a container of the image would start, with a stand-in for Node.js. */
async function start(mode: string, env: Record<string, string> = {}) {
  const environment = { PATH: `${folder}:/usr/bin:/bin`, ...env };
  const script = join(root, 'bin/container.sh');
  return await run(script, [mode], { cwd: folder, env: environment }).then(
    ({ stdout }) => ({ code: 0, told: stdout.trim() }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, told: stderr.trim() }),
  );
}

describe('compose.yaml', () => {
  it('names only services and volumes that there are', () => {
    const services = Object.keys(compose.services);
    expect(services).toEqual(['redis', 'web', 'worker']);
    const mounted = Object.values(compose.services).flatMap(({ volumes }) => volumes.map((one) => one.split(':')[0]));
    expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.volumes)));
    for (const { depends_on: needed = [], environment = {} } of Object.values(compose.services)) {
      expect(services).toEqual(expect.arrayContaining(needed));
      const { REDIS_URL: redis } = environment;
      if (redis !== undefined) expect(services).toContain(new URL(redis).hostname);
    }
  });

  it('starts what the image runs, on the Redis that both share, and waits for a drain', async () => {
    for (const name of ['web', 'worker']) {
      const service = compose.services[name];
      expect(service).toMatchObject({ image: 'gatepilot', env_file: '.env', stop_grace_period: '30s' });
      const { code, told } = await start(service?.command ?? '', service?.environment);
      expect([code, told]).toEqual([0, expect.stringMatching(/^node \/app\//)]);
    }
  });

  it('gives web and workers one place for artifacts, which belongs to the user of the image', () => {
    for (const name of ['web', 'worker'])
      expect(compose.services[name]?.volumes).toEqual(['artifacts:/data/artifacts']);
    expect(dockerfile).toContain('mkdir -p /data/artifacts && chown -R gatepilot /data');
    expect(dockerfile).toContain('VOLUME /data');
  });

  it('starts a Redis that loses nothing', async () => {
    const [program = '', ...args] = (compose.services['redis']?.command ?? '').split(' ');
    expect(program).toBe('valkey-server');
    const { redis: tools } = await findTools(['redis']);
    const socket = join(folder, 'redis.sock');
    const place = ['--port', '0', '--unixsocket', socket, '--dir', folder];
    const server = spawn(tools?.server ?? '', [...args, ...place], { stdio: 'ignore' });
    const redis = new Redis(socket);
    redis.on('error', () => undefined);
    try {
      const findings = await checkRedis(redis);
      expect(findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    } finally {
      redis.disconnect();
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
  });
});

describe('a container', () => {
  it.each(['web', 'worker'])(
    'of %s alone does not start on a Redis of its own, which nobody else would see',
    async (mode) => {
      const { code, told } = await start(mode);
      expect([code, told]).toEqual([78, expect.stringMatching(/^REDIS_URL is missing: .* or say all\.$/)]);
      expect((await start(mode, { REDIS_URL: '' })).code).toBe(78);
      await writeFile(join(folder, '.env'), 'REDIS_URL=redis://elsewhere\n');
      const found = await start(mode);
      await rm(join(folder, '.env'));
      expect(found).toEqual({ code: 0, told: expect.stringMatching(/^node \/app\//) });
    },
  );

  it('of all needs none, and the image has one', async () => {
    expect(await start('all')).toEqual({ code: 0, told: 'node /app/src/main.ts all' });
    expect(dockerfile).toMatch(/apt-get install .*\bredis-server\b/);
  });

  it('of anything else says what there is', async () => {
    expect(await start('setup')).toEqual({ code: 64, told: 'say web, worker or all, not "setup"' });
  });
});
