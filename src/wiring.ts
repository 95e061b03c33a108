// The only place that knows every adapter: builds what work on runs needs, from the environment.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createDiskArtifacts } from './artifact/create-disk-artifacts.ts';
import { identifyPlace } from './artifact/identify-place.ts';
import { createCheckpoints } from './checkpoint/create-checkpoints.ts';
import type { OfferedSandbox } from './core/model/offered-sandbox.ts';
import type { Outside } from './egress/egress-context.ts';
import { startEgress } from './egress/start-egress.ts';
import { createBaselineMemory } from './engine/baseline-memory.ts';
import { budgetWrites } from './engine/budget-writes.ts';
import type { DeliveryLogPort } from './engine/port/delivery-log.ts';
import type { InstallationPort } from './engine/port/installation.ts';
import type { SchedulePort } from './engine/port/schedule.ts';
import { redactInTurns } from './engine/redact-in-turns.ts';
import { removeTree } from './engine/remove-tree.ts';
import { openWorkPlace } from './engine/work-place.ts';
import type { WorkPorts } from './engine/work-ports.ts';
import { createGit } from './git/create-git.ts';
import { createGitHub } from './github/create-github.ts';
import { createDeliveryLog } from './github/delivery-api.ts';
import { createInstallationApi } from './github/installation-api.ts';
import { createScheduleApi } from './github/schedule-api.ts';
import { createLayers } from './layer/create-layers.ts';
import { type RunningGateway, startGateway } from './llm/gateway/start-gateway.ts';
import { createModel } from './llm/structured-call.ts';
import { openAgents } from './process/open-agents.ts';
import type { Foundation } from './process/open-foundation.ts';
import { openHooks } from './process/open-hooks.ts';
import { openSandboxes } from './process/open-sandboxes.ts';
import { type OwnFolder, openOwnFolder } from './process/own-folder.ts';
import { removeStale } from './process/remove-stale.ts';
import { systemClock } from './process/system-clock.ts';
import { createResources } from './resource/create-resources.ts';
import { listOffered } from './sandbox/list-offered.ts';
import { offerProviders } from './sandbox/offer-providers.ts';
import { createProcessStarter } from './subprocess/process-starter.ts';

/** No action works this long: what is older was left by a worker that was killed. */
const staleMs = 24 * 3_600_000;

export interface Wired {
  readonly work: WorkPorts;
  /** Sandboxes that the operator offers, the usual one first. */
  readonly sandboxes: readonly OfferedSandbox[];
  /** The same name is the same place for artifacts. */
  readonly artifactPlace: string;
  readonly deliveries: DeliveryLogPort;
  readonly installations: InstallationPort;
  readonly schedules: SchedulePort;
  close(): Promise<void>;
}

/** `outside`: the internet, unless a test has another one. */
export async function wire(foundation: Foundation, outside?: Outside): Promise<Wired> {
  const { env, tools, log, store, hash } = foundation;
  const agents = await openAgents(env.agent, env.model.provider);
  const hooks = await openHooks({ folder: env.hookFolder, environment: env.surroundings });
  const models = [env.model.name, ...env.model.others] as const;
  const work = join(env.dataFolder, 'work');
  await mkdir(work, { recursive: true, mode: 0o711 });
  await removeStale(work, staleMs);
  const sockets = await openOwnFolder(`gw-${hash(env.dataFolder).slice(0, 8)}`);
  const gateway = await openGateway(foundation, sockets);
  const ways = await openOwnFolder(`out-${hash(env.dataFolder).slice(0, 8)}`);
  const egress = await startEgress({ folder: ways.path, permit: env.network, ...(outside ? { outside } : {}) });
  const starter = createProcessStarter();
  const providers = await openSandboxes(foundation, starter.run);
  const sandboxes = offerProviders(providers);
  const artifactFolder = join(env.dataFolder, 'artifacts');
  const identity = { appId: env.app.id, privateKey: env.app.privateKey, apiUrl: env.apiUrl, gitRoot: env.gitRoot };
  return {
    sandboxes: listOffered(sandboxes.proved),
    artifactPlace: await identifyPlace(artifactFolder),
    deliveries: createDeliveryLog(identity),
    installations: createInstallationApi(identity),
    schedules: createScheduleApi(identity, env.host),
    work: {
      store,
      log,
      hash,
      sandboxes,
      gateway,
      egress,
      layers: createLayers({
        folder: join(env.dataFolder, 'layers'),
        bytesAtMost: env.layerBytes,
        image: env.oci.image,
        clock: systemClock,
        log,
        runProcess: starter.run,
        removeTree,
      }),
      clock: systemClock,
      baselines: createBaselineMemory(systemClock),
      openWorkPlace: (name) => openWorkPlace(work, name),
      github: budgetWrites(createGitHub(identity), { store, perMinute: env.writesPerMinute }),
      git: createGit({
        folder: join(env.dataFolder, 'git'),
        gitPath: tools.git,
        wayOut: env.gitWayOut,
        logger: log,
        runProcess: starter.run,
      }),
      artifacts: createDiskArtifacts({
        folder: artifactFolder,
        redact: async (text) => (await redactInTurns(text)).text,
      }),
      checkpoints: createCheckpoints({ folder: artifactFolder }),
      agents,
      hooks,
      resources: createResources(env.resourceFolder),
      model: createModel({ gateway, models }),
      options: {
        models,
        attemptTokens: 4_000_000,
        outputBytes: 64 * 1024 * 1024,
        sandboxes: [...providers.keys()],
        network: env.network,
        checkpointMs: env.checkpointMs,
      },
    },
    async close() {
      await Promise.all([gateway.stop(), egress.stop()]);
      await Promise.all([sockets.close(), ways.close()]);
      starter.close();
    },
  };
}

async function openGateway({ env, log }: Foundation, sockets: OwnFolder): Promise<RunningGateway> {
  const { provider, baseUrl, apiKey, prices, forwardIdentity } = env.model;
  return await startGateway({
    upstream: { provider, baseUrl, apiKey },
    folder: sockets.path,
    onUsage: (record) => log.debug({ ...record }, 'model usage'),
    prices,
    forwardIdentity,
  });
}
