import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import { type Processor, Worker } from 'bullmq';
import type { AdvancePorts } from '../src/engine/advance.ts';
import type { AdvanceGroupPorts } from '../src/engine/advance-group.ts';
import type { CarryOutPorts } from '../src/engine/carry-out.ts';
import { joinFleet, stayInFleet } from '../src/engine/join-fleet.ts';
import { keepReconciled } from '../src/engine/reconcile.ts';
import { connectRedis } from '../src/process/connect-redis.ts';
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
import { sweepUntil } from './sweep.ts';
import { sweepDeletionsUntil } from './sweep-deletions.ts';
import { sweepDeliveriesUntil } from './sweep-deliveries.ts';
import { sweepSchedulesUntil } from './sweep-schedules.ts';

export interface RunningWorkers {
  /**
   * Takes no new job, lets what is short come to its end, hands over what is long, and closes. Nothing that ended is
   * lost, and no sandbox is left.
   */
  drain(): Promise<void>;
}

/** A dead worker's job is taken up after one lock and one look for stalled jobs; what it held is fenced by the store. */
const lockMs = 10_000;
const stalledMs = 5_000;

/** What verifies, merges and reviews, at the same time on one machine: each runs commands that want a processor or two. */
const checkSlots = 2;

/** How long work for minutes may go on after a drain began: much of it is about to end by itself. */
const drainPatienceMs = 5_000;

/** `ended`: the process was told to end, maybe before anything was started. */
export async function startWorkers(
  foundation: Foundation,
  ended?: AbortSignal,
  outside?: Parameters<typeof wire>[1],
): Promise<RunningWorkers> {
  const { store, queue, fleet, log, env, hash } = foundation;
  const { work, sandboxes, artifactPlace, deliveries, installations, schedules, close } = await wire(
    foundation,
    outside,
  );
  const held = { place: artifactPlace, host: hostname() };
  await joinFleet({ fleet, clock, log }, held, ended);
  const connection = connectRedis(foundation.redisUrl, log, { maxRetriesPerRequest: null });
  const draining = new AbortController();
  // Every action that is under way listens to it.
  setMaxListeners(0, draining.signal);
  const limits = { ...env.slotLimits, host: { name: hostname(), agents: env.slots, checks: checkSlots } };
  const carry: CarryOutPorts = { store, queue, clock, log, limits, draining: draining.signal };
  const { runLimits, proposesSettings } = env;
  const knowsPrices = Object.keys(env.model.prices).length > 0;
  if (!knowsPrices)
    log.warn(
      {},
      'MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT are not set: what runs cost is not known, and no limit of money holds',
    );
  const { github, resources } = work;
  const agents = [...work.agents.keys()];
  const { models } = work.options;
  const advancing: AdvancePorts & AdvanceGroupPorts = {
    deletions: foundation.deletions,
    store,
    queue,
    github,
    clock,
    hash,
    log,
    resources,
    runLimits,
    agents,
    models,
    sandboxes,
    network: env.network,
    proposesSettings,
    knowsPrices,
  };

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
    open('integrate', checkSlots, processIntegrate(carry, work)),
    open('publish', 8, processPublish(carry, work)),
  ];
  const { artifacts, checkpoints, git, layers } = work;
  const stopped = new AbortController();
  const watching = [
    stayInFleet({ fleet, clock, log }, held, stopped.signal),
    sweepUntil({ store, queue, clock, log }, stopped.signal),
    keepReconciled({ store, queue, clock, log }, stopped.signal),
    sweepDeletionsUntil(
      {
        ledger: foundation.deletions,
        schedules: foundation.schedules,
        store,
        artifacts,
        checkpoints,
        git,
        layers,
        installations,
        clock,
        log,
        host: env.host,
      },
      stopped.signal,
    ),
    sweepDeliveriesUntil(
      {
        deliveries,
        ledger: foundation.heard,
        lost: foundation.lost,
        repositories: schedules,
        github,
        store,
        queue,
        clock,
        log,
        hash,
      },
      env.deliverySweepMs,
      stopped.signal,
    ),
    sweepSchedulesUntil(
      {
        ledger: foundation.schedules,
        schedules,
        github,
        store,
        queue,
        clock,
        log,
        hash,
        writesPerMinute: env.writesPerMinute,
      },
      env.scheduleSweepMs,
      stopped.signal,
    ),
  ];
  return {
    async drain() {
      stopped.abort();
      const closing = Promise.all([...workers.map((worker) => worker.close()), ...watching]);
      const patience = new AbortController();
      await Promise.race([closing, clock.sleep(drainPatienceMs, patience.signal)]);
      patience.abort();
      draining.abort();
      await closing;
      await close();
      connection.disconnect();
    },
  };
}
