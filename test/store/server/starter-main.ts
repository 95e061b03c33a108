// A process that starts or attaches to the embedded Redis, says what it got and ends. Options come as JSON.
import { startEmbeddedRedis } from '../../../src/store/server/embedded-redis.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const redis = await startEmbeddedRedis({ ...JSON.parse(process.argv[2] ?? '{}'), logger: silent });
process.stdout.write(JSON.stringify({ pid: redis.pid, socketPath: redis.socketPath }));
