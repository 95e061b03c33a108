import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedRedis } from '../../../store/server/embedded-redis.ts';
import type { Kill, Service } from './supervise.ts';

const pollMs = 20;
const patienceMs = 60_000;

/** The embedded server is brought back by its own supervision; here it is only killed and waited for. */
export function superviseRedis(redis: EmbeddedRedis): Service {
  const mishaps: string[] = [];
  let serving: Promise<void> = Promise.resolve();

  async function awaitNext(kill: Kill): Promise<void> {
    while (redis.pid === kill.pid && Date.now() < kill.at + patienceMs) await sleep(pollMs);
    if (redis.pid === kill.pid) mishaps.push(`redis was not started again within ${patienceMs} ms`);
    else kill.downMs = Date.now() - kill.at;
  }

  return {
    name: 'redis',
    mishaps,
    get pid() {
      return redis.pid;
    },
    async kill() {
      await serving;
      const kill: Kill = { service: 'redis', pid: redis.pid, at: Date.now() };
      process.kill(kill.pid, 'SIGKILL');
      serving = awaitNext(kill);
      return kill;
    },
    serves: () => serving,
    end: () => serving,
  };
}
