import { type Processor, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { AdvancePorts } from '../src/engine/advance.ts';
import type { CarryOutPorts } from '../src/engine/carry-out.ts';
import { type Foundation, redisPrefix } from '../src/process/open-foundation.ts';
import { systemClock as clock } from '../src/process/system-clock.ts';
import type { QueueName } from '../src/queue/queue-name.ts';
import { wire } from '../src/wiring.ts';
import { processAdvance } from './advance.ts';
import { processAttempt } from './attempt.ts';
import { processConsult } from './consult.ts';
import { processIntegrate } from './integrate.ts';
import { toJobOutcome } from './job-outcome.ts';
import { processPublish } from './publish.ts';
import { startSweep } from './sweep.ts';

export interface RunningWorkers {
  close(): Promise<void>;
}

/** A dead worker's job is taken up after one lock and one look for stalled jobs; what it held is fenced by the store. */
const lockMs = 10_000;
const stalledMs = 5_000;

export async function startWorkers(foundation: Foundation): Promise<RunningWorkers> {
  const { store, queue, log, env, hash } = foundation;
  const { work, close } = await wire(foundation);
  const connection = new Redis(foundation.redisUrl, { maxRetriesPerRequest: null });
  connection.on('error', (error: Error) => log.warn({ error: error.message }, 'Redis'));
  const carry: CarryOutPorts = { store, queue, clock, log };
  const advancing: AdvancePorts = { store, queue, github: work.github, clock, hash, log };

  const open = (name: QueueName, concurrency: number, process: Processor) => {
    const worker = new Worker(name, toJobOutcome(process), {
      connection,
      prefix: redisPrefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledMs,
      maxStalledCount: 10,
    });
    worker.on('error', (error) => log.warn({ queue: name, error: error.message }, 'a worker'));
    worker.on('failed', (job, error) =>
      log.error({ queue: name, job: job?.id, error: error.stack ?? error.message }, 'a job failed'),
    );
    return worker;
  };
  const workers = [
    open('advance', 16, processAdvance(advancing)),
    open('consult', 8, processConsult(carry, work)),
    open('attempt', env.slots, processAttempt(carry, work)),
    open('integrate', 2, processIntegrate(carry, work)),
    open('publish', 8, processPublish(carry, work)),
  ];
  const sweep = startSweep({ store, queue, clock, log });
  return {
    async close() {
      sweep.stop();
      await Promise.all(workers.map((worker) => worker.close()));
      await close();
      connection.disconnect();
    },
  };
}
