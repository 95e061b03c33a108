// The worker processes: each runs the real entries of workers/ on ports of its own. One that is killed leaves what it
// did, and another starts on the same host.
import type { Processor } from 'bullmq';
import type { RunLimits } from '../../src/core/model/snapshot.ts';
import { createBaselineMemory } from '../../src/engine/baseline-memory.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { SlotLimits } from '../../src/engine/permits-of.ts';
import type { ArtifactPort } from '../../src/engine/port/artifact.ts';
import type { ClockPort } from '../../src/engine/port/clock.ts';
import type { DeliveryLogPort } from '../../src/engine/port/delivery-log.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import type { LogPort } from '../../src/engine/port/log.ts';
import type { QueuePort } from '../../src/engine/port/queue.ts';
import type { ScheduleLedger, SchedulePort } from '../../src/engine/port/schedule.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { keepReconciled } from '../../src/engine/reconcile.ts';
import type { DeliverySweepPorts } from '../../src/engine/sweep-deliveries.ts';
import type { LostCommentPorts } from '../../src/engine/tell-lost-comments.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { createResources } from '../../src/resource/create-resources.ts';
import { processAdvance } from '../../workers/advance.ts';
import { processAttempt } from '../../workers/attempt.ts';
import { processConsult } from '../../workers/consult.ts';
import { processIntegrate } from '../../workers/integrate.ts';
import { processPublish } from '../../workers/publish.ts';
import { sweepUntil } from '../../workers/sweep.ts';
import { sweepDeliveriesUntil } from '../../workers/sweep-deliveries.ts';
import { sweepSchedulesUntil } from '../../workers/sweep-schedules.ts';
import { createMemoryOfLost } from '../support/lost-deliveries.ts';
import { noHooks } from '../support/no-hooks.ts';
import { offerAll } from '../support/offer-all.ts';
import type { Hub } from './hub.ts';
import type { Crew, Job } from './jobs.ts';
import type { Life } from './kernel.ts';
import { type Machine, wrapPort } from './machine.ts';
import { hashText } from './objects.ts';
import { createSimulatedCheckpoints } from './simulated-checkpoints.ts';
import { createHost, createSimulatedGit, type Host } from './simulated-git.ts';
import {
  createSimulatedAgent,
  createSimulatedEgress,
  createSimulatedGateway,
  createSimulatedModel,
  createSimulatedSandboxes,
  type Fates,
  noLayers,
  type Place,
} from './simulated-work.ts';

/** What all processes share, as it really is: each process gets it through the machine. */
export interface Shared {
  readonly store: StorePort;
  readonly github: GitHubPort;
  readonly artifacts: ArtifactPort;
  readonly log: LogPort;
  readonly hub: Hub;
  readonly fates: Fates;
  /** After how much work what an agent has got so far is kept; never where this is absent. */
  readonly checkpointMs: number | undefined;
  readonly limits: SlotLimits;
  readonly runLimits: RunLimits;
  readonly onCheckout: (folder: string, commit: string) => void;
  readonly onWorked: (folder: string, hasHung: boolean) => void;
  readonly queue: () => QueuePort;
  readonly deliveries: () => DeliveryLogPort;
  readonly writesPerMinute: number;
  /** Undefined where the settings name no schedule. */
  readonly timetable: Timetable | undefined;
}

export interface Timetable {
  readonly schedules: SchedulePort;
  readonly ledger: ScheduleLedger;
  /** Whether nothing can be due any more: then nobody has to look every minute. */
  isOver(): boolean;
}

interface Worker {
  readonly life: Life;
  isTaking(): boolean;
  drain(): Promise<void>;
  process(job: Job): Promise<void>;
}

export interface Fleet extends Crew {
  start(): void;
  /** All at once; whoever starts in their place begins after so long at the earliest. */
  killAll(darkMs?: number): void;
  /** A rolling restart: each is told to end, and another starts in its place at once. */
  replaceAll(): void;
}

/** Read before virtual time begins: files take real time. */
const shipped = await createResources(undefined).read();
const resources = { read: async () => shipped };

const bootMs = 3_000;
/** As it is by default. */
const deliverySweepMs = 300_000;
const scheduleSweepMs = 60_000;
const drainPatienceMs = 5_000;

export function createFleet(
  machine: Machine,
  shared: Shared,
  options: { count: number; onBug: (error: unknown) => void },
): Fleet {
  const hosts = [createHost(), createHost()];
  const workers: Worker[] = [];
  let started = 0;
  let turn = 0;
  let darkUntil = 0;
  const open = (place: number) => {
    started += 1;
    const life = { name: `worker${started}`, isDead: false, pausedUntil: 0 };
    const host = hosts[place % hosts.length] ?? createHost();
    workers[place] = startWorker(machine, shared, { life, host, onBug: options.onBug });
  };
  machine.onCrash((life) => {
    const place = workers.findIndex((worker) => worker.life === life);
    const delayMs = Math.max(bootMs, darkUntil - machine.kernel.now());
    if (place >= 0) machine.kernel.later(undefined, `a worker starts for ${life.name}`, delayMs, () => open(place));
  });
  return {
    start: () => {
      for (let place = 0; place < options.count; place += 1) open(place);
    },
    killAll: (darkMs = 0) => {
      darkUntil = machine.kernel.now() + darkMs;
      for (const { life } of [...workers]) machine.crash(life);
    },
    replaceAll() {
      for (const [place, worker] of [...workers.entries()]) {
        machine.tell(`${worker.life.name} is told to end`);
        void worker.drain();
        open(place);
      }
    },
    findFree() {
      const free = workers.filter(
        ({ life, isTaking }) => !life.isDead && isTaking() && life.pausedUntil <= machine.kernel.now(),
      );
      turn += 1;
      return free[turn % Math.max(1, free.length)];
    },
  };
}

interface Own {
  readonly life: Life;
  readonly host: Host;
  readonly onBug: (error: unknown) => void;
}

function startWorker(machine: Machine, shared: Shared, { life, host, onBug }: Own): Worker {
  const wrap = <Port extends object>(system: string, port: Port, asIs: readonly (keyof Port)[] = []) =>
    wrapPort(machine, life, { system, port, asIs });
  const clock = machine.kernel.clockOf(life);
  const store = wrap('store', shared.store);
  const queue = wrap('queue', shared.queue());
  const github = wrap('github', shared.github, ['toGitUrl']);
  const { log, fates } = shared;
  const place: Place = {
    host,
    clock,
    fates,
    allowances: new Map(),
    onWorked: (folder, since) => shared.onWorked(folder, life.pausedUntil > since),
  };
  const work: WorkPorts = {
    store,
    github: budgetWrites(github, { store, perMinute: shared.writesPerMinute }),
    clock,
    baselines: createBaselineMemory(clock),
    log,
    hash: hashText,
    git: wrap('git', createSimulatedGit(shared.hub, host, shared.onCheckout)),
    artifacts: wrap('artifact', shared.artifacts),
    checkpoints: wrap('checkpoint', createSimulatedCheckpoints(fates.checkpoints, host, clock)),
    sandboxes: wrap('sandbox', createSimulatedSandboxes(place)),
    agents: new Map([['pi', wrap('agent', createSimulatedAgent(place))]]),
    gateway: wrap('gateway', createSimulatedGateway(place), ['grantHost']),
    egress: wrap('egress', createSimulatedEgress()),
    layers: noLayers,
    model: wrap('model', createSimulatedModel(place)),
    resources,
    hooks: noHooks,
    openWorkPlace: async (name) => ({ folder: name, dispose: async () => undefined }),
    options: {
      models: ['scripted'],
      outputBytes: 1_000_000,
      attemptTokens: 100_000,
      sandboxes: ['bubblewrap'],
      network: { allow: ['*.example.com'], deny: [] },
      checkpointMs: shared.checkpointMs,
    },
  };
  const draining = new AbortController();
  const carry = { store, queue, clock, log, limits: shared.limits, draining: draining.signal };
  const entries: Record<string, Processor> = {
    advance: processAdvance({
      store,
      queue,
      github,
      clock,
      hash: hashText,
      log,
      resources,
      runLimits: shared.runLimits,
      agents: ['pi'],
      models: ['scripted'],
      sandboxes: [offerAll('bubblewrap')],
      // What a commit of a queue left behind is deleted by nobody here.
      deletions: { keep: async () => undefined },
      network: { allow: ['*.example.com'], deny: [] },
      proposesSettings: true,
    }),
    consult: processConsult(carry, work),
    attempt: processAttempt(carry, work),
    integrate: processIntegrate(carry, work),
    publish: processPublish(carry, work),
  };
  const ended = new AbortController();
  const watching = { store, queue, clock, log };
  void sweepUntil({ ...watching, clock: restful(clock, store) }, ended.signal);
  void keepReconciled(watching, ended.signal);
  const deliveries = wrap('github', shared.deliveries());
  void sweepDeliveriesUntil(
    { deliveries, ...presence(), github, ...watching, hash: hashText },
    deliverySweepMs,
    ended.signal,
  );
  if (shared.timetable) {
    const { schedules, ledger, isOver } = shared.timetable;
    const sweeping = {
      ...{ store, queue, github, log, hash: hashText, writesPerMinute: shared.writesPerMinute },
      schedules: wrap('github', schedules),
      ledger: wrap('store', ledger),
      clock: { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(isOver() ? ms * 60 : ms, signal) },
    };
    void sweepSchedulesUntil(sweeping, scheduleSweepMs, ended.signal);
  }
  let isDraining = false;
  let active = 0;
  return {
    life,
    /** What a signal does: short work is let to its end, long work is handed over. */
    async drain() {
      isDraining = true;
      ended.abort();
      await clock.sleep(drainPatienceMs);
      draining.abort();
      while (active > 0) await clock.sleep(500);
      life.isDead = true;
    },
    isTaking: () => !isDraining,
    async process(job) {
      active += 1;
      try {
        await entries[job.queue]?.({ data: job.data } as Parameters<Processor>[0]);
      } catch (error) {
        // The outside world may fail; anything else is a bug, whatever came before it.
        if (!(error instanceof ExternalError)) onBug(error);
      } finally {
        active -= 1;
      }
    },
  };
}

/** A sweep that finds nothing looks less often: hours in which nothing happens cost nothing. */
function restful(clock: ClockPort, store: StorePort): ClockPort {
  let idle = 0;
  const takeDue = store.takeDue;
  store.takeDue = async (...args) => {
    const found = await takeDue(...args);
    idle = found.length > 0 ? 0 : idle + 1;
    return found;
  };
  return { now: clock.now, sleep: (ms, signal) => clock.sleep(ms * Math.min(40, 1 + idle / 2), signal) };
}

/** Nobody is away for days here, so that nothing is ever lost beyond what is delivered again. */
function presence(): Pick<LostCommentPorts, 'ledger' | 'repositories'> & Pick<DeliverySweepPorts, 'lost'> {
  return {
    lost: createMemoryOfLost(),
    ledger: { readHeardUntil: async () => undefined, keepHeardUntil: async () => undefined },
    repositories: { listInstallations: async () => [], listRepositories: async () => [] },
  };
}
