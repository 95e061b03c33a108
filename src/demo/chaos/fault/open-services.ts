import type { Stack } from '../../stack/start-stack.ts';
import type { KillTarget } from '../plan/chaos-plan.ts';
import { type Service, superviseProcess } from './supervise.ts';
import { superviseRedis } from './supervise-redis.ts';

/** Everything of the bot that can die, under a service manager. */
export interface Services {
  readonly all: readonly Service[];
  readonly of: (target: KillTarget) => Service;
  /** Resolves when each of them serves. */
  serve(): Promise<void>;
  end(): Promise<void>;
}

export async function openServices(stack: Stack, workers: number): Promise<Services> {
  const others = await Promise.all(Array.from({ length: workers - 1 }, () => stack.startWorker()));
  const restartWeb = async () => {
    await stack.restartWeb();
    return stack.web;
  };
  const web = superviseProcess('web', stack.web, restartWeb);
  const workerServices = [stack.worker, ...others].map((worker, index) =>
    superviseProcess(`worker ${index + 1}`, worker, () => stack.startWorker()),
  );
  const redis = superviseRedis(stack.redis);
  const all = [web, redis, ...workerServices];
  return {
    all,
    of: (target) => {
      if (target.kind === 'worker') return workerServices[target.index % workerServices.length] ?? web;
      return target.kind === 'web' ? web : redis;
    },
    serve: async () => {
      await Promise.all(all.map((service) => service.serves()));
    },
    end: async () => {
      await Promise.all(all.map((service) => service.end()));
    },
  };
}
